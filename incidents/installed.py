"""Where this code lies, in a checkout or installed from a wheel, and the files that come with it."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent  # of the checkout


def in_checkout() -> bool:
    """Whether the code runs from a checkout, not from an installed wheel."""
    return (ROOT / "pyproject.toml").exists()


def home() -> Path:
    """The folder that holds data/ and dagster_home/ where no setting says otherwise: the checkout, else this one."""
    return ROOT if in_checkout() else Path.cwd()


def bundled(name: str) -> Path:
    """A file or folder that comes with the code: reference, sample, dagster.yaml.

    In a checkout incidents/bundled holds links to where people edit them, in a wheel the files themselves.
    """
    return (PACKAGE / "bundled" / name).resolve()
