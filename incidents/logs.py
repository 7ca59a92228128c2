"""What commands tell on standard error besides their result: lines for people, or JSON lines for a log collector."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

log = logging.getLogger("incidents")


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message and, with an exception, its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def configure(verbose: bool, as_json: bool) -> None:
    """Log warnings to standard error, and with `verbose` also each file that is written."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(name)s: %(message)s"))
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.DEBUG if verbose else logging.WARNING)
    if as_json:
        sys.excepthook = _log_exception


def failed(message: str) -> None:
    """Tell why the command ends: one line."""
    if any(isinstance(handler.formatter, JsonLines) for handler in log.handlers):
        log.error(message)
    else:
        print(f"incidents: {message}", file=sys.stderr)


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("%s: %s", kind.__name__, error, exc_info=(kind, error, trace))
