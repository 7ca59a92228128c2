"""Reading a reference file, with errors that name the file, the entry and the mend."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from incidents.errors import UserError

T = TypeVar("T")
FIRST_CSV_ROW = 2

MENDS_BY_PROBLEM = {
    "missing": "add it",
    "extra_forbidden": "remove it, or mend its spelling",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
}
MENDS_BY_FIELD = {
    "id": "write the prefix of this file, then small letters, digits and single hyphens",
    "country": "write the two capital letters of ISO 3166-1, such as US",
    "wikidata_qid": "write Q and a number as seen on Wikidata, or leave it out",
    "ori_code": "write two letters and five to seven letters or digits, or leave it empty",
    "url": "write the whole address, with http:// or https://",
    "language": "write the ISO 639-1 code in small letters, such as en",
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only true and false are booleans (Norway stays NO) and a key given twice is an error."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":bool", ":timestamp"))]
        for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice!r} is given twice; keep one", node.start_mark)
        return mapping


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def read_yaml(path: Path) -> Any:
    """What the file holds. Raises UserError where it is missing or no YAML."""
    try:
        return yaml.load(_text(path), Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise UserError(f"{path}{line}: {getattr(error, 'problem', error)}; mend the YAML there") from error


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows as dictionaries without their empty cells.

    Raises UserError where the file is missing or a row has too many or too few cells.
    """
    rows = csv.reader(io.StringIO(_text(path)))
    header = next(rows, None)
    if not header:
        raise UserError(f"{path}: the file is empty; it needs a first line with the names of the columns")
    width = len(header)
    result = []
    for row in rows:
        if len(row) != width:
            raise UserError(f"{path}, line {rows.line_num}: {len(row)} cells, the header has {width}; mend the commas")
        result.append({name: cell for name, cell in zip(header, row, strict=True) if cell})
    return result


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UserError(
            f"{path}: no such file; restore it from the repository, or set INCIDENTS_REFERENCE to the folder"
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error


def validate(path: Path, adapter: TypeAdapter[T], entries: Any, first_line: int | None = None) -> T:
    """The entries as models. `first_line` is the line of the first entry in a CSV file, None for YAML.

    Raises UserError for the first entry that is wrong.
    """
    try:
        return adapter.validate_python(entries)
    except ValidationError as error:
        raise UserError(_explain(path, error, entries, first_line)) from error


def _explain(path: Path, error: ValidationError, entries: Any, first_line: int | None) -> str:
    details = error.errors()[0]
    where, entry = [], entries
    for step in details["loc"]:
        if isinstance(step, int) and isinstance(entry, (list, tuple)):
            entry = entry[step]
            number = f"line {first_line + step}" if first_line else f"entry {step + 1}"
            known = entry.get("id") or entry.get("code") or entry.get("term") if isinstance(entry, dict) else None
            where.append(f"{number} ({known})" if known else number)
        else:
            where.append(str(step))
            entry = entry.get(step) if isinstance(entry, dict) else None
    field = str(details["loc"][-1]) if details["loc"] else ""
    mend = MENDS_BY_PROBLEM.get(details["type"]) or MENDS_BY_FIELD.get(field) or "mend this value"
    problem = details["msg"].removeprefix("Value error, ")
    given = details["input"]
    shown = f" (it is {given!r})" if isinstance(given, (str, int, float)) else ""
    return f"{path}, {', '.join(where)}: {problem}{shown}; {mend}"


def require_unique(path: Path, what: str, values: Iterable[str]) -> None:
    """Raises UserError where a value comes twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise UserError(f"{path}, {value}: this {what} is there twice; remove or rename one of them")
        seen.add(value)


def require_known(path: Path, entry: str, field: str, value: str, known: Iterable[str], where: str) -> None:
    """Raises UserError where a value is not one of those known."""
    if value not in known:
        raise UserError(f"{path}, {entry}: {field} {value!r} is not in {where}; use one that is, or add it there")
