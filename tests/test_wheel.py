"""A wheel works far from the checkout: with its own reference data, sample and Dagster configuration."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).parent / "uv"
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built offline from a copy, so that the checkout stays as it is."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("incidents", "scrapers", "data/reference", "data/sample"):
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=IGNORED)
    (source / "dagster_home").mkdir()
    shutil.copy(ROOT / "dagster_home" / "dagster.yaml", source / "dagster_home")
    command = [UV, "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*command, "--out-dir", target, source], check=True, capture_output=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """`incidents` of an environment with the wheel; dependencies by a path, which leaves the editable install out."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home)
    python = home / "bin" / "python"
    command = [UV, "pip", "install", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run(command, check=True, capture_output=True)
    packages = home / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(folder, *arguments, program="incidents", **variables):
        folder.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name not in ("DAGSTER_HOME", "PYTHONPATH")}
        command = [home / "bin" / program, *map(str, arguments)]
        return subprocess.run(command, cwd=folder, env=kept | variables, capture_output=True, text=True)

    return run


def test_the_code_comes_from_the_wheel(installed, tmp_path):
    code = "import incidents, scrapers; print(incidents.__file__, scrapers.__file__)"
    told = installed(tmp_path / "far", "-c", code, program="python").stdout.split()
    assert len(told) == 2
    assert not any(path.startswith(str(ROOT)) for path in told)


def test_every_file_that_is_no_code_is_in_the_wheel(wheel):
    wanted = {path for folder in ("reference", "sample") for path in (ROOT / "data" / folder).rglob("*")}
    wanted = {f"incidents/bundled/{path.relative_to(ROOT / 'data')}" for path in wanted if path.is_file()}
    kinds = ("*.cfg", "*.sql", "*.j2", "*.yaml")
    wanted |= {str(path.relative_to(ROOT)) for kind in kinds for path in (ROOT / "incidents").rglob(kind)}
    assert wanted | {"incidents/bundled/dagster.yaml"} <= set(zipfile.ZipFile(wheel).namelist())


def test_every_command_has_its_help(installed, tmp_path):
    assert "Commands" in installed(tmp_path / "far", "--help").stdout


def test_settings_count_from_the_current_folder(installed, tmp_path):
    far = tmp_path / "far"
    shown = json.loads(installed(far, "config", "--json").stdout)
    values = {row["setting"]: row["value"] for row in shown}
    assert (values["data_dir"], values["dagster_home"]) == (str(far / "data"), str(far / "dagster_home"))


def test_the_doctor_finds_nothing_to_mend(installed, tmp_path):
    done = installed(tmp_path / "far", "doctor", "--json")
    found = {each["check"]: each for each in json.loads(done.stdout)}
    assert done.returncode == 0, [each for each in found.values() if each["state"] == "mend"]
    assert "19" in found["reference data"]["told"]
    assert found["model"]["state"] == "ok"


def test_the_sample_runs_and_is_asked(installed, tmp_path):
    far = tmp_path / "far"
    done = installed(far, "run", "--sample", "--data-dir", "demo")
    assert done.returncode == 0, done.stderr
    assert "84 fetched" in done.stdout
    assert (far / "dagster_home" / "dagster.yaml").read_text() == (ROOT / "dagster_home" / "dagster.yaml").read_text()
    asked = installed(far, "sql", "SELECT count(*) AS n FROM incidents", "--data-dir", "demo", "--format", "json")
    assert json.loads(asked.stdout)[0]["n"] > 30
    assert [path.name for path in sorted(far.iterdir())] == ["dagster_home", "demo"]


def test_without_a_release_serve_says_what_to_do(installed, tmp_path):
    done = installed(tmp_path / "far", "serve", "--data-dir", "none")
    assert done.returncode == 2
    assert "make one with: incidents run" in done.stderr
