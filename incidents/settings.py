"""What a user sets by environment variables, read when asked for."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from incidents.errors import UserError

ROOT = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """INCIDENTS_DATA_DIR, else data/ of the checkout."""
    return Path(os.environ.get("INCIDENTS_DATA_DIR") or ROOT / "data").absolute()


def dagster_home() -> Path:
    """DAGSTER_HOME, else dagster_home/ of the checkout."""
    return Path(os.environ.get("DAGSTER_HOME") or ROOT / "dagster_home").absolute()


def prepare_dagster_home() -> Path:
    """The Dagster home, with our configuration where it has none: Dagster's own sends usage statistics."""
    home = dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    ours, theirs = ROOT / "dagster_home" / "dagster.yaml", home / "dagster.yaml"
    if ours.exists() and not theirs.exists():
        shutil.copyfile(ours, theirs)
    return home


def contact() -> str | None:
    """INCIDENTS_CONTACT: an e-mail or web address that sites can turn to; live sources are not crawled without it."""
    return os.environ.get("INCIDENTS_CONTACT") or None


def accepts_fall() -> bool:
    """INCIDENTS_ACCEPT_FALL=1: a person looked at why many incidents are gone and publishes all the same."""
    return os.environ.get("INCIDENTS_ACCEPT_FALL") == "1"


def accepts_silence() -> bool:
    """INCIDENTS_ACCEPT_SILENCE=1: a person looked at why many sources bring nothing and publishes all the same."""
    return os.environ.get("INCIDENTS_ACCEPT_SILENCE") == "1"


def now() -> datetime:
    """The time of this run in UTC: SOURCE_DATE_EPOCH where set, so that a build can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds since 1970: {error}") from error
