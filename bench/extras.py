"""The extras `spark` and `scan` for a benchmark: an environment on top of the one in use, with pinned versions."""

import subprocess
import sys
import sysconfig
import tempfile
from importlib import util
from pathlib import Path

WANTED = {"pyspark": "4.3.0", "hyperscan": "0.9.1"}


def rerun() -> int | None:
    """Run this program again in an environment that has the extras; None where this one has them."""
    if all(map(util.find_spec, WANTED)):
        return None
    from reading import environment

    with tempfile.TemporaryDirectory(prefix="extras-") as name:
        folder, packages = Path(name), sysconfig.get_path("purelib")
        python = environment(folder, [f"{package}=={version}" for package, version in WANTED.items()])
        pth = folder / Path(packages).relative_to(sys.prefix) / "beside.pth"
        pth.write_text(f"import site; site.addsitedir({packages!r})\n")
        return subprocess.run([python, *sys.argv], check=False).returncode  # noqa: S603
