"""Suppressions: somebody's wish not to be named, or a row's not to be published, kept without the name.

data/curation/suppressions.jsonl holds row ids and keyed hashes of names. The key stays on the machine that publishes
(INCIDENTS_SUPPRESSION_KEY, else registry/suppression.key of the data folder): without it nobody can try names against
the hashes, and without it nothing is published while there are suppressions.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from incidents import settings
from incidents.errors import UserError
from incidents.files import write_text
from incidents.publish.names import candidates, slug

POLICY = "suppressed"
LABEL = "name withheld"
DEMOGRAPHICS = ("age_band", "gender", "race_ethnicity")


@dataclass(frozen=True)
class Suppression:
    """A line of suppressions.jsonl: a person's, affected party's or incident's id, and hashes of full names."""

    row_id: str
    keyed_hashes: tuple[str, ...]
    key_id: str
    who: str
    on: str
    why: str


class Names:
    """Knows a suppressed name when it sees it."""

    def __init__(self, suppressions: Iterable[Suppression], key: bytes) -> None:
        self._hashes = {value for item in suppressions for value in item.keyed_hashes}
        self._key = key

    def __contains__(self, name: str) -> bool:
        return keyed_hash(name, self._key) in self._hashes

    def found_in(self, texts: Iterable[str | None]) -> list[str]:
        """The suppressed names in the texts, as written there, whoever recognised them as a person or not."""
        return sorted(name for name in {n for text in texts if text for n in candidates(text)} if name in self)


def read(path: Path) -> list[Suppression]:
    """The suppressions of a file, the oldest first; none where there is no file. UserError names a damaged line."""
    if not path.exists():
        return []
    return [_line(path, number, line) for number, line in enumerate(path.read_text().splitlines(), 1) if line.strip()]


def _line(path: Path, number: int, line: str) -> Suppression:
    try:
        row = json.loads(line)
        return Suppression(**(row | {"keyed_hashes": tuple(row["keyed_hashes"])}))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}, line {number}: no suppression ({error}); mend or remove the line") from error


def append(path: Path, item: Suppression) -> None:
    """Add a line to the file."""
    known = path.read_text() if path.exists() else ""
    write_text(path, known + json.dumps(asdict(item), sort_keys=True) + "\n")


def keyed_hash(name: str, key: bytes) -> str:
    """HMAC-SHA256 of the name without case, accents and punctuation."""
    return hmac.new(key, slug(name).encode(), hashlib.sha256).hexdigest()


def key_id(key: bytes) -> str:
    """Tells two keys apart without telling the key."""
    return hashlib.sha256(b"key id" + key).hexdigest()[:8]


def key(data_dir: Path) -> bytes | None:
    """The key of this data folder, where it has one."""
    given = settings.suppression_key()
    path = _key_file(data_dir)
    if given:
        return given.encode()
    return path.read_text().strip().encode() if path.exists() else None


def key_or_new(data_dir: Path) -> bytes:
    """The key of this data folder; a new one, for its owner's eyes only, where it has none."""
    found = key(data_dir)
    if found is None:
        path = _key_file(data_dir)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        found = secrets.token_hex(32).encode()
        path.write_bytes(found)
    return found


def _key_file(data_dir: Path) -> Path:
    return data_dir / "registry" / "suppression.key"


def key_for(items: Iterable[Suppression], data_dir: Path) -> bytes:
    """The key with which the names of `items` were hashed. UserError where it is missing or another."""
    found = key(data_dir)
    wanted = {item.key_id for item in items if item.keyed_hashes}
    if wanted and (found is None or wanted != {key_id(found)}):
        raise UserError(
            f"suppressions.jsonl was written with another key ({', '.join(sorted(wanted))}): bring its "
            f"{_key_file(data_dir)} here or set INCIDENTS_SUPPRESSION_KEY, then publish"
        )
    return found or b""
