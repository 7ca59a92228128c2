"""Where the value of a setting comes from, and what is said of one that is not usable."""

import json
import os
import re
from pathlib import Path

import pytest

from incidents import cli as commands
from incidents import configuration, releasing, settings
from incidents.configuration import BY_NAME, SETTINGS, value
from incidents.errors import UserError

ROOT = Path(__file__).parent.parent


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes the configuration file that INCIDENTS_CONFIG names."""
    path = tmp_path / "own" / "incidents.toml"
    path.parent.mkdir()
    monkeypatch.setenv("INCIDENTS_CONFIG", str(path))

    def write(text):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(written, monkeypatch):
    written("")
    assert value("contact").origin == "default"
    path = written('contact = "desk@news.example"')
    assert (value("contact").value, value("contact").origin) == ("desk@news.example", str(path))
    monkeypatch.setenv("INCIDENTS_CONTACT", "other@news.example")
    assert (value("contact").value, value("contact").origin) == ("other@news.example", "INCIDENTS_CONTACT")


def test_an_empty_variable_counts_as_not_set(written, monkeypatch):
    written('contact = "desk@news.example"')
    monkeypatch.setenv("INCIDENTS_CONTACT", "")
    assert settings.contact() == "desk@news.example"


def test_sections_and_types(written):
    written('[publish]\ntargets = ["/srv/releases", "s3://bucket/here"]\naccept_fall = true\n[disk]\nkeep_logs = 30')
    assert settings.publish_targets() == ["/srv/releases", "s3://bucket/here"]
    assert settings.accepts_fall()
    assert settings.retention() == (30.0, 7.0)


def test_a_list_in_a_variable_is_cut_at_commas(monkeypatch):
    monkeypatch.setenv("INCIDENTS_PUBLISH_TARGETS", "/srv/releases, s3://bucket/here")
    assert settings.publish_targets() == ["/srv/releases", "s3://bucket/here"]


def test_relative_paths_count_from_the_file_and_from_the_current_folder(written, tmp_path, monkeypatch):
    written('data_dir = "news"')
    assert settings.data_dir() == tmp_path / "own" / "news"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INCIDENTS_DATA_DIR", "elsewhere")
    assert settings.data_dir() == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('contakt = "a@b.example"', r"line 1: contakt is no setting; write contact$"),
        ('# ours\n\n[disk]\nkeep = 3\n[publish]\nx = "y"', r"line 4: disk\.keep is no setting"),
        ("[alerts]\nemail = 3", r"line 2: alerts\.email: Input should be a valid string; mend it"),
        ('[publish]\naccept_fall = "yes"', r"line 2: publish\.accept_fall: Input should be a valid boolean"),
        ("[disk]\nkeep_logs = -1", r"line 2: disk\.keep_logs: Input should be greater than or equal to 0"),
        ("# ours\ncontact = desk", r"not valid TOML: .*line 2.*; mend that place"),
        ("[disk]\nkeep_logs = inf", r"line 2: disk\.keep_logs: Input should be less than or equal to 36525"),
        ("contact = 2026-01-02", r"line 1: contact: Input should be a valid string"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(written, text, told):
    path = written(text)
    with pytest.raises(UserError, match=told) as raised:
        value("model")
    assert str(raised.value).startswith(str(path))


def test_a_file_in_another_encoding(written):
    written("").write_bytes('reviewer = "Zoë"'.encode("latin-1"))
    with pytest.raises(UserError, match="not valid TOML: 'utf-8' codec"):
        value("model")


@pytest.mark.parametrize("setting", [each for each in SETTINGS if each.secret], ids=lambda each: each.name)
def test_a_secret_in_the_file_is_refused_and_not_repeated(written, setting):
    section, _, key = setting.name.rpartition(".")
    written(f'[{section}]\n{key} = "https://hush.example"')
    with pytest.raises(UserError, match=f"line 2: {setting.name} is a secret.* set {setting.variable}") as raised:
        configuration.values()
    assert "hush" not in str(raised.value)


def test_a_bad_secret_is_not_repeated(monkeypatch):
    monkeypatch.setenv("INCIDENTS_SMTP_URL", "hush@mail.example")
    with pytest.raises(UserError, match="INCIDENTS_SMTP_URL: String should match") as raised:
        value("alerts.smtp")
    assert "hush" not in str(raised.value)


def test_secrets_are_shown_as_set_or_not(monkeypatch):
    assert value("alerts.smtp").shown == "not set"
    monkeypatch.setenv("INCIDENTS_SMTP_URL", "smtp://desk:hush@mail.example")
    assert value("alerts.smtp").shown == "set"


def test_the_file_is_named_or_lies_here_or_in_the_data_folder(tmp_path, monkeypatch):
    here, data = tmp_path / "here", tmp_path / "data"
    for folder in (here, data):
        folder.mkdir()
        (folder / "incidents.toml").touch()
    monkeypatch.setenv("INCIDENTS_DATA_DIR", str(data))
    assert configuration.file() == Path(os.devnull)
    monkeypatch.delenv("INCIDENTS_CONFIG")
    monkeypatch.chdir(here)
    assert configuration.file() == here / "incidents.toml"
    (here / "incidents.toml").unlink()
    assert configuration.file() == data / "incidents.toml"


def test_a_named_file_must_be_there(monkeypatch):
    monkeypatch.setenv("INCIDENTS_CONFIG", "/nowhere/incidents.toml")
    with pytest.raises(UserError, match=r"/nowhere/incidents\.toml: no such file"):
        configuration.file()


def test_children_get_folder_and_file(tmp_path, monkeypatch):
    (tmp_path / "incidents.toml").touch()
    monkeypatch.setenv("INCIDENTS_DATA_DIR", "")
    monkeypatch.delenv("INCIDENTS_CONFIG")
    monkeypatch.chdir(tmp_path)
    assert settings.share(Path("news")) == tmp_path / "news"
    assert os.environ["INCIDENTS_DATA_DIR"] == str(tmp_path / "news")
    assert os.environ["INCIDENTS_CONFIG"] == str(tmp_path / "incidents.toml")


def test_a_changed_file_is_read_again(written):
    written('contact = "one@news.example"')
    assert settings.contact() == "one@news.example"
    written('contact = "three@news.example"')
    assert settings.contact() == "three@news.example"


def test_every_variable_that_the_code_reads_is_a_setting():
    code = "".join(path.read_text() for path in sorted((ROOT / "incidents").rglob("*.py")))
    read = set(re.findall(r"INCIDENTS_[A-Z_]+\b(?!_)", code)) - {"INCIDENTS_CONFIG", "INCIDENTS_"}
    assert read == {setting.variable for setting in SETTINGS} - {"DAGSTER_HOME"}


def test_only_the_configuration_reads_settings_from_the_environment():
    readers = [
        path.name
        for path in sorted((ROOT / "incidents").rglob("*.py"))
        if re.search(r"environ(\.get\(|\[)\"INCIDENTS_\w+\"[\])](?! =)", path.read_text())
    ]
    assert readers == ["configuration.py"]


def test_misspelt_variables_are_found(monkeypatch):
    monkeypatch.setenv("INCIDENTS_CONTCAT", "a@b.example")
    assert configuration.unknown_variables() == ["INCIDENTS_CONTCAT"]


def test_the_document_holds_the_table():
    assert configuration.documented() in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_names_and_variables_are_unique():
    assert len(BY_NAME) == len(SETTINGS) == len({setting.variable for setting in SETTINGS})


def test_publish_brings_a_release_to_every_configured_target(monkeypatch, capsys):
    monkeypatch.setattr(releasing, "upload", lambda folder, target, release: f"{target} has it")
    monkeypatch.setenv("INCIDENTS_PUBLISH_TARGETS", "/srv/a,s3://bucket/b")
    commands.publish()
    assert capsys.readouterr().out == "/srv/a has it\ns3://bucket/b has it\n"
    commands.publish("/srv/c")
    assert capsys.readouterr().out == "/srv/c has it\n"
    monkeypatch.delenv("INCIDENTS_PUBLISH_TARGETS")
    with pytest.raises(UserError, match="nowhere to publish: name a target"):
        commands.publish()


def test_config_prints_value_and_origin(cli, tmp_path):
    file = tmp_path / "incidents.toml"
    file.write_text('contact = "desk@news.example"')
    smtp = "smtp://desk:hush@mail.example"
    printed = cli("config", "--json", home=tmp_path, INCIDENTS_CONFIG=str(file), INCIDENTS_SMTP_URL=smtp).stdout
    shown = {row["setting"]: (row["value"], row["from"]) for row in json.loads(printed)}
    assert shown["contact"] == ("desk@news.example", str(file))
    assert shown["alerts.smtp"] == ("set", "INCIDENTS_SMTP_URL")
    assert shown["model"] == ("not set", "default")
    assert "hush" not in printed


def test_config_as_a_table_and_a_mistake(cli, tmp_path):
    assert "contact                  not set" in cli("config", home=tmp_path).stdout
    done = cli("config", home=tmp_path, INCIDENTS_LOG="loud")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("incidents: INCIDENTS_LOG: Input should be 'text' or 'json'")
