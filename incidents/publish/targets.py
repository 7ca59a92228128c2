"""A release at another place: a folder, S3, Google Cloud Storage or Azure; hub.py does a Hugging Face dataset.

A version belongs to whoever first wrote its SHA256SUMS: two publishers cannot mix. The manifest follows the files, the
list of releases follows the manifest, so a reader never sees a part of a release, and a broken upload goes on where it
stopped. Only a redacted release (`incidents withdraw`) ever replaces files.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import LocalStore, ObjectStore, from_url

from incidents.errors import UserError
from incidents.publish import releases
from incidents.publish.releases import Release

CLAIM = "SHA256SUMS"
MANIFEST = "manifest.json"
LIST = "releases.json"
LATEST = "latest.json"
TRIES = 10  # at a list that others rewrite at the same time


@dataclass(frozen=True)
class Uploaded:
    """What an upload did: files sent, and files that were there already."""

    version: str
    sent: int
    kept: int


def upload(release: Release, target: str, tick: Callable[[str, int, int], None] | None = None) -> Uploaded:
    """Bring a release to `target`, a folder or a URL (s3://, gs://, az://, hf://datasets/; credentials by environment).

    Raises UserError where the target cannot be written or holds another build of this version.
    """
    if target.startswith("hf://"):
        from incidents.publish import hub

        return hub.upload(release, target, tick)
    try:
        store = _open(target)
        with _alone(store):
            return _Upload(store, target, release).run(tick)
    except (BaseError, OSError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{target}: {reason}; what is listed there is whole: mend this and publish again") from error


def local(release: Release, path: str, sha256: str) -> bytes:
    """A file of a release on this machine; UserError where it is not what the manifest says."""
    content = (release.path / path).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UserError(f"{release.path / path}: differs from the manifest; restore the file, then publish")
    return content


def replaces(release: Release, manifest: bytes | None) -> bool:
    """Whether a release is a later redaction of the one with this manifest, which stands at the target."""
    known, ours = json.loads(manifest).get("redacted") if manifest else None, release.manifest.get("redacted")
    return ours is not None and (known is None or known["at"] < ours["at"])


def _open(target: str) -> ObjectStore:
    if "://" in target:
        return from_url(target)
    return LocalStore(Path(target).absolute(), mkdir=True)


def _alone(store: ObjectStore) -> Any:
    """A folder knows no conditional writes, so there the operating system's lock does their work."""
    return filelock.FileLock(Path(store.prefix or "") / ".lock") if isinstance(store, LocalStore) else nullcontext()


class _Upload:
    def __init__(self, store: ObjectStore, target: str, release: Release) -> None:
        self.store, self.target, self.release = store, target, release
        self.redacted = release.manifest.get("redacted")
        self.sums = {row["path"]: row["sha256"] for row in release.manifest["files"]}

    def run(self, tick: Callable[[str, int, int], None] | None) -> Uploaded:
        self._claim()
        sent = 0
        for number, path in enumerate(sorted(self.sums), 1):
            sent += self._send(path)
            if tick:
                tick("publish", number, len(self.sums))
        self._put(MANIFEST, (self.release.path / MANIFEST).read_bytes())
        self._announce()
        return Uploaded(self.release.version, sent, len(self.sums) - sent)

    def _claim(self) -> None:
        """Make the version ours, or find that it is."""
        if self._create(CLAIM, local(self.release, CLAIM, self.sums[CLAIM])) or self._digest(CLAIM) == self.sums[CLAIM]:
            return
        if not replaces(self.release, self._get(f"{self.release.version}/{MANIFEST}")):
            raise UserError(
                f"{self.target}: holds another build of release {self.release.version}, and a release never changes; "
                "publish a newer one, or choose another target"
            )
        self._withdraw()

    def _withdraw(self) -> None:
        """Take the older build out of sight before its files are replaced."""
        obstore.delete(self.store, self._key(MANIFEST))
        for page in obstore.list(self.store, prefix=f"{self.release.version}/"):
            gone = [row["path"] for row in page if row["path"].partition("/")[2] not in self.sums]
            obstore.delete(self.store, gone)
        obstore.put(self.store, self._key(CLAIM), local(self.release, CLAIM, self.sums[CLAIM]))

    def _send(self, path: str) -> bool:
        return path != CLAIM and self._put(path, local(self.release, path, self.sums[path]))

    def _put(self, path: str, content: bytes) -> bool:
        """Write a file that is not there yet; False where it is there as it should be."""
        if self._create(path, content):
            return True
        if self._digest(path) == hashlib.sha256(content).hexdigest():
            return False
        if self.redacted is None:
            raise UserError(f"{self.target}: {self._key(path)} differs from ours, and a release never changes")
        obstore.put(self.store, self._key(path), content)
        return True

    def _create(self, path: str, content: bytes) -> bool:
        try:
            obstore.put(self.store, self._key(path), content, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def _digest(self, path: str) -> str:
        seen = hashlib.sha256()
        for part in obstore.get(self.store, self._key(path)):
            seen.update(part)
        return seen.hexdigest()

    def _key(self, path: str) -> str:
        return f"{self.release.version}/{path}"

    def _get(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self.store, key).bytes())
        except FileNotFoundError:
            return None

    def _announce(self) -> None:
        """Write the list from the manifests that stand there, then the name of the newest."""
        for _ in range(TRIES):
            tags = {key: self._tag(key) for key in (LIST, LATEST)}
            rows = releases.listing(self._manifests())
            if self._replace(LIST, rows, tags[LIST]) and self._replace(LATEST, rows[-1], tags[LATEST]):
                return
        raise UserError(f"{self.target}: others rewrite {LIST} all the time; publish again")

    def _manifests(self) -> Iterator[dict[str, Any]]:
        for folder in obstore.list_with_delimiter(self.store)["common_prefixes"]:
            manifest = self._get(f"{folder}/{MANIFEST}") if releases.VERSION.fullmatch(folder) else None
            if manifest:
                yield json.loads(manifest)

    def _tag(self, key: str) -> str | None:
        try:
            return obstore.head(self.store, key)["e_tag"]
        except FileNotFoundError:
            return None

    def _replace(self, key: str, value: object, tag: str | None) -> bool:
        """Write a file anew; False where somebody else did so since its tag was read."""
        mode: Any = "overwrite" if isinstance(self.store, LocalStore) else {"e_tag": tag} if tag else "create"
        try:
            obstore.put(self.store, key, json.dumps(value, indent=2).encode() + b"\n", mode=mode)
        except (AlreadyExistsError, PreconditionError):
            return False
        return True
