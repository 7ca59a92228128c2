"""What a user sets (incidents.configuration), read when asked for, and the time."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from incidents import configuration
from incidents.errors import UserError
from incidents.files import write_text
from incidents.installed import bundled


def share(folder: Path | None = None) -> Path:
    """Have this process and its children use `folder` as data folder, and the configuration file that counts now.

    Returns the data folder: the configured one where none is given.
    """
    if folder:
        os.environ["INCIDENTS_DATA_DIR"] = str(folder.absolute())
    file = configuration.file()
    if file:
        os.environ[configuration.CONFIG] = str(file)
    return data_dir()


def data_dir() -> Path:
    """Where archive, working store, registry and releases lie."""
    return Path(_value("data_dir"))


def dagster_home() -> Path:
    """Where Dagster's configuration and history lie."""
    return Path(_value("dagster_home"))


def prepare_dagster_home() -> Path:
    """The Dagster home, with our configuration where it has none: Dagster's own sends usage statistics."""
    home = dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        write_text(home / "dagster.yaml", bundled("dagster.yaml").read_text(encoding="utf-8"))
    return home


def reference() -> Path | None:
    """The user's own folder of reference data."""
    return _path("reference")


def contact() -> str | None:
    """An e-mail or web address that sites can turn to; live sources are not crawled without it."""
    return _text("contact")


def reviewer() -> str | None:
    """The name under a person's decisions."""
    return _text("reviewer")


def model() -> str | None:
    """The user's own spaCy model for English, by name or folder."""
    return _text("model")


def pipeline() -> Path | None:
    """The user's own file of components."""
    return _path("pipeline")


def suppression_key() -> str | None:
    """The key of suppressed names, where the environment gives it."""
    return _text("publish.suppression_key")


def alerts() -> tuple[str | None, str | None, str | None]:
    """The webhook, the mail addresses and the mail server that alerts go to."""
    return _text("alerts.webhook"), _text("alerts.email"), _text("alerts.smtp")


def publish_targets() -> list[str]:
    """Where releases are brought when no target is named."""
    return list(_value("publish.targets"))


def accepts_fall() -> bool:
    """Whether a person looked at why many incidents are gone and publishes all the same."""
    return bool(_value("publish.accept_fall"))


def accepts_silence() -> bool:
    """Whether a person looked at why many sources bring nothing and publishes all the same."""
    return bool(_value("publish.accept_silence"))


def logs_as_json() -> bool:
    """Whether commands log JSON lines."""
    return bool(_value("log") == "json")


def retention() -> tuple[float, float]:
    """Days that logs and temporary files are kept."""
    return float(_value("disk.keep_logs")), float(_value("disk.keep_temporary"))


def now() -> datetime:
    """The time of this run in UTC: SOURCE_DATE_EPOCH where set, so that a build can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds since 1970: {error}") from error


def _value(name: str) -> Any:
    return configuration.value(name).value


def _path(name: str) -> Path | None:
    path: Path | None = _value(name)
    return path


def _text(name: str) -> str | None:
    text: str | None = _value(name)
    return text
