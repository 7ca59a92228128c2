"""A release as a Hugging Face dataset, hf://datasets/OWNER/NAME; the token as huggingface_hub finds it (HF_TOKEN).

A commit there happens whole or not at all and names the state it follows, so two publishers cannot mix: whoever comes
second looks again. The files go first, in one commit, then the manifest with the list of releases; large files that
are there already are not sent again. Only a redacted release ever replaces files, and takes the history with it.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from incidents.errors import UserError
from incidents.publish import documents, releases
from incidents.publish.releases import Release
from incidents.publish.targets import CLAIM, LATEST, LIST, MANIFEST, TRIES, Uploaded, local, replaces

SCHEME = "hf://datasets/"
Content = bytes | Path | None  # None where a file goes
MOVED = 412  # the state that a commit was to follow is no longer the last


def upload(release: Release, target: str, tick: Callable[[str, int, int], None] | None = None) -> Uploaded:
    """Bring a release to a dataset repository, made where there is none.

    Raises UserError where it cannot be written or holds another build of this version.
    """
    try:
        from huggingface_hub import HfApi  # type: ignore[import-not-found, unused-ignore]
        from huggingface_hub.errors import HTTPError  # type: ignore[import-not-found, attr-defined, unused-ignore]
    except ImportError as error:
        raise UserError(f"{target}: needs huggingface_hub; pip install 'facial-recognition-incidents[hub]'") from error
    try:
        return _Upload(HfApi(), target, release).run(tick)
    except (HTTPError, OSError, ValueError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{target}: {reason}; what is listed there is whole: mend this and publish again") from error


class _Upload:
    def __init__(self, api: Any, target: str, release: Release) -> None:
        self.api, self.target, self.release = api, target, release
        self.repository = {"repo_id": target.removeprefix(SCHEME).strip("/"), "repo_type": "dataset"}
        self.sums = {row["path"]: row["sha256"] for row in release.manifest["files"]}

    def run(self, tick: Callable[[str, int, int], None] | None) -> Uploaded:
        self.api.create_repo(**self.repository, exist_ok=True)
        for path, value in self.sums.items():
            local(self.release, path, value)
        sent: set[str] = set()
        for _ in range(TRIES):
            head = self.api.repo_info(**self.repository).sha
            files = self._files(head)
            sent |= {path for path, content in files.items() if content is not None}
            after = self._commit(head, f"Release {self.release.version}: files", files)
            if tick and after:
                tick("publish", len(self.sums), len(self.sums))
            if after and self._commit(after, f"Release {self.release.version}", self._list(after)):
                if self.release.manifest.get("redacted"):
                    self.api.super_squash_history(**self.repository)
                return Uploaded(self.release.version, len(sent), len(self.sums) - len(sent))
        raise UserError(f"{self.target}: others write there all the time; publish again")

    def _files(self, head: str) -> dict[str, Content]:
        """What is missing of the release, by its path; None for what a redacted release takes away."""
        folder = f"{self.release.version}/"
        there = self._tree(head, self.release.version)
        wanted: dict[str, Content] = {folder + path: self.release.path / path for path in sorted(self.sums)}
        different = {path for path, content in wanted.items() if path in there and not _is_same(there[path], content)}
        if different and not replaces(self.release, self._read(folder + MANIFEST, head)):
            what = f"another build of release {self.release.version}" if folder + CLAIM in different else min(different)
            raise UserError(
                f"{self.target}: holds {what}, and a release never changes; "
                "publish a newer one, or choose another target"
            )
        gone = dict.fromkeys(there.keys() - wanted.keys()) if different else {}
        return gone | {path: content for path, content in wanted.items() if path not in there or path in different}

    def _list(self, head: str) -> dict[str, Content]:
        """The manifest, and what tells of all releases, made from the manifests that stand there."""
        version, there = self.release.version, self._tree(head)
        folders = [path for path in there if releases.VERSION.fullmatch(path) and path != version]
        others = [self._read(f"{folder}/{MANIFEST}", head) for folder in sorted(folders)]
        rows = releases.listing([self.release.manifest, *(json.loads(text) for text in others if text)])
        files: dict[str, Content] = {LIST: _json(rows), LATEST: _json(rows[-1])}
        if rows[-1]["version"] == version:
            files["README.md"] = documents.hub_card(self.release.path).encode()
        changed = {path: text for path, text in files.items() if path not in there or not _is_same(there[path], text)}
        if f"{version}/{MANIFEST}" in self._tree(head, version):
            return changed
        return changed | {f"{version}/{MANIFEST}": self.release.path / MANIFEST}

    def _commit(self, head: str, message: str, files: dict[str, Content]) -> str | None:
        """The state after a commit upon `head`; None where somebody else was faster."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete
        from huggingface_hub.errors import HfHubHTTPError

        operations = [
            CommitOperationDelete(path) if content is None else CommitOperationAdd(path, content)
            for path, content in sorted(files.items())
        ]
        if not operations:
            return head
        try:
            done = self.api.create_commit(
                operations=operations, commit_message=message, parent_commit=head, **self.repository
            )
        except HfHubHTTPError as error:
            if error.response.status_code == MOVED:
                return None
            raise
        return str(done.oid)

    def _tree(self, head: str, folder: str | None = None) -> dict[str, Any]:
        """What stands in a folder, with all beneath it, or in the root alone; nothing where there is no folder."""
        from huggingface_hub.errors import RemoteEntryNotFoundError

        try:
            found = self.api.list_repo_tree(
                path_in_repo=folder, recursive=folder is not None, revision=head, **self.repository
            )
            return {entry.path: entry for entry in found if folder is None or hasattr(entry, "blob_id")}
        except RemoteEntryNotFoundError:
            return {}

    def _read(self, path: str, head: str) -> bytes | None:
        from huggingface_hub.errors import RemoteEntryNotFoundError

        with tempfile.TemporaryDirectory() as cache:
            try:
                return Path(
                    self.api.hf_hub_download(filename=path, revision=head, cache_dir=cache, **self.repository)
                ).read_bytes()
            except RemoteEntryNotFoundError:
                return None


def _is_same(entry: Any, content: Content) -> bool:
    """Whether a file of the repository has this content: large ones are known by SHA-256, others as Git knows them."""
    found = content.read_bytes() if isinstance(content, Path) else content or b""
    if entry.lfs:
        return bool(entry.lfs.sha256 == hashlib.sha256(found).hexdigest())
    header = f"blob {len(found)}".encode() + bytes(1)
    return bool(entry.blob_id == hashlib.sha1(header + found, usedforsecurity=False).hexdigest())


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"
