"""Every setting once, and where its value comes from: a variable, else incidents.toml, else its default.

incidents.toml is the one that INCIDENTS_CONFIG names, else the one of the current folder, else the data folder's.
`python -m incidents.configuration` prints the table of docs/configuration.md.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from incidents.errors import UserError
from incidents.installed import home

FILE = "incidents.toml"
CONFIG = "INCIDENTS_CONFIG"
DEFAULT = "default"
_WEB, _MAIL_SERVER = {"pattern": r"^https?://\S+$"}, {"pattern": r"^smtps?://\S+$"}
_DAYS = {"ge": 0, "le": 36525}


@dataclass(frozen=True)
class Setting:
    """One setting. `name` is its key in incidents.toml, after a dot in a section; a secret stands in no file.

    A relative path counts from the file's folder, in a variable from the current one, by default from the checkout.
    """

    name: str
    variable: str
    type: Any
    default: Any
    meaning: str
    secret: bool = False
    rule: Mapping[str, Any] = field(default_factory=dict)  # arguments of pydantic.Field


SETTINGS = (
    Setting("data_dir", "INCIDENTS_DATA_DIR", Path, Path("data"), "The data folder."),
    Setting("dagster_home", "DAGSTER_HOME", Path, Path("dagster_home"), "Dagster's configuration and history."),
    Setting(
        "contact", "INCIDENTS_CONTACT", str, None,
        "An e-mail or web address that sites can turn to; live sources are not crawled without it.",
    ),
    Setting("reviewer", "INCIDENTS_REVIEWER", str, None, "Your name under decisions; git's user.name where not set."),
    Setting(
        "model", "INCIDENTS_MODEL", str, None,
        "Another spaCy model for English, by name or folder, than the installed one.",
    ),
    Setting("pipeline", "INCIDENTS_PIPELINE", Path, None, "Another file of components than extract/pipeline.cfg."),
    Setting("reference", "INCIDENTS_REFERENCE", Path, None, "Another folder of reference data than data/reference."),
    Setting("log", "INCIDENTS_LOG", Literal["text", "json"], "text", "How commands log to standard error."),
    Setting(
        "alerts.email", "INCIDENTS_ALERT_EMAIL", str, None, "Mail addresses for alerts, several with commas."
    ),
    Setting(
        "alerts.webhook", "INCIDENTS_ALERT_WEBHOOK", str, None,
        "An address that takes each alert as a JSON POST.", secret=True, rule=_WEB,
    ),
    Setting(
        "alerts.smtp", "INCIDENTS_SMTP_URL", str, None,
        "The mail server, smtp://user:password@host:port, smtps:// for TLS from the start.",
        secret=True, rule=_MAIL_SERVER,
    ),
    Setting(
        "publish.targets", "INCIDENTS_PUBLISH_TARGETS", list[str], [],
        "Where `incidents publish` without a target brings a release: folders, s3://, gs:// or az://; "
        "in the variable with commas.",
    ),
    Setting(
        "publish.accept_fall", "INCIDENTS_ACCEPT_FALL", bool, False,
        "A person looked at why many incidents are gone: publish all the same. For one run, by the variable.",
    ),
    Setting(
        "publish.accept_silence", "INCIDENTS_ACCEPT_SILENCE", bool, False,
        "A person looked at why many sources bring nothing: publish all the same. For one run, by the variable.",
    ),
    Setting(
        "publish.suppression_key", "INCIDENTS_SUPPRESSION_KEY", str, None,
        "The key of suppressed names; registry/suppression.key of the data folder where not set.", secret=True,
    ),
    Setting(
        "disk.keep_logs", "INCIDENTS_KEEP_LOGS", float, 90.0, "Days that `incidents disk --free` leaves logs.",
        rule=_DAYS,
    ),
    Setting(
        "disk.keep_temporary", "INCIDENTS_KEEP_TEMPORARY", float, 7.0,
        "Days that `incidents disk --free` leaves damaged files, and temporary ones of commands that were killed.",
        rule=_DAYS,
    ),
)  # fmt: skip
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Value:
    """The value of a setting; `origin` is a variable, a file or "default"."""

    setting: Setting
    value: Any
    origin: str

    @property
    def shown(self) -> str:
        """The value for people; of a secret only whether there is one."""
        if self.value is None or self.value == []:
            return "not set"
        if self.setting.secret:
            return "set"
        return ", ".join(self.value) if isinstance(self.value, list) else str(self.value)


def value(name: str) -> Value:
    """A setting's value now. Raises UserError that names variable or file, line and mend."""
    setting = BY_NAME[name]
    path = file()
    given = _of_file(path) if path else {}
    if os.environ.get(setting.variable):
        return Value(setting, _of_variable(setting, os.environ[setting.variable]), setting.variable)
    if setting.name in given:
        return Value(setting, given[setting.name], str(path))
    default = home() / setting.default if isinstance(setting.default, Path) else setting.default
    return Value(setting, default, DEFAULT)


def values() -> list[Value]:
    """All settings. Raises UserError for the first that is not usable."""
    return [value(setting.name) for setting in SETTINGS]


def file() -> Path | None:
    """The configuration file that counts now, if there is one. UserError where INCIDENTS_CONFIG names none."""
    named = os.environ.get(CONFIG)
    if named:
        if not Path(named).exists() or Path(named).is_dir():
            raise UserError(f"{CONFIG}={named}: no such file; name an incidents.toml, or unset the variable")
        return Path(named).absolute()
    data_dir = Path(os.environ.get("INCIDENTS_DATA_DIR") or home() / "data")
    found = (folder.absolute() / FILE for folder in (Path.cwd(), data_dir))
    return next((path for path in found if path.is_file()), None)


def unknown_variables() -> list[str]:
    """INCIDENTS_* variables that nothing reads, sorted: most likely misspelt."""
    known = {CONFIG} | {setting.variable for setting in SETTINGS}
    return sorted(name for name in os.environ if name.startswith("INCIDENTS_") and name not in known)


def documented() -> str:
    """The settings as a Markdown table."""
    rows = ["| incidents.toml | variable | type | default | meaning |", "|---|---|---|---|---|"]
    for setting in SETTINGS:
        key = "(secret: variable only)" if setting.secret else setting.name
        kind = {Path: "path", str: "text", bool: "true or false", float: "number", list[str]: "list"}.get(
            setting.type, "text or json"
        )
        default = "" if setting.default in (None, []) else str(setting.default).lower()
        rows.append(f"| {key} | {setting.variable} | {kind} | {default} | {setting.meaning} |")
    return "\n".join(rows)


def _of_variable(setting: Setting, text: str) -> Any:
    raw = [part.strip() for part in text.split(",") if part.strip()] if setting.type == list[str] else text
    checked = _validated(setting, raw, setting.variable)
    return checked.absolute() if isinstance(checked, Path) else checked


def _of_file(path: Path) -> Mapping[str, Any]:
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Mapping[str, Any]:
    """The checked values of a file by the names of their settings; read again when the file changes."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid TOML: {error}; mend that place") from error
    found = {}
    for name, raw in _flat(content):
        where = f"{path}, line {_line(text, name)}: {name}"
        setting = BY_NAME.get(name)
        if setting is None:
            near = get_close_matches(name, BY_NAME, 1)
            raise UserError(f"{where} is no setting; " + (f"write {near[0]}" if near else "remove it"))
        if setting.secret:
            raise UserError(f"{where} is a secret and stands in no file: remove it here and set {setting.variable}")
        checked = _validated(setting, raw, where, strict=True)
        found[name] = (path.parent / checked).absolute() if isinstance(checked, Path) else checked
    return found


def _flat(content: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    for key, raw in content.items():
        if isinstance(raw, dict) and not section:
            yield from _flat(raw, f"{key}.")
        else:
            yield section + key, raw


def _line(text: str, name: str) -> int:
    """The line of a key; of its section where it is written in another way. 1 where nothing is found."""
    section, _, key = name.rpartition(".")
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(rf"\s*\[\s*{re.escape(section)}\s*\]", line)), 0)
    of_key = (n for n, line in enumerate(lines) if n >= start and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line))
    return next(of_key, start) + 1


def _validated(setting: Setting, raw: Any, where: str, strict: bool = False) -> Any:
    """`strict` takes a value for what TOML says it is; a variable is always text."""
    from pydantic import Field, TypeAdapter, ValidationError  # a tenth of a second

    kind: Any = Annotated[setting.type, Field(**setting.rule)]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        # As JSON, where strict rules let a text be a path, and where no type of ours takes an object: TOML's dates.
        return adapter.validate_json(json.dumps(raw, default=lambda date: {"date": str(date)}), strict=strict)
    except ValidationError as error:
        meaning = setting.meaning.rstrip(".")
        raise UserError(f"{where}: {error.errors()[0]['msg']}; mend it ({meaning})") from None


if __name__ == "__main__":
    print(documented())
