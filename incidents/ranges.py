"""A file by its name: local, or read by byte ranges from a web server or an object store, never copied whole.

Amazon's and compatible stores are set up by the environment, as their own tools are: AWS_REGION, AWS_ENDPOINT,
AWS_SKIP_SIGNATURE=true for a public bucket.
"""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore

BLOCK = 8 << 20  # bytes asked for at a time
_TRIES, _PATIENCE = 3, timedelta(seconds=60)  # of one request


class _Blocks(io.RawIOBase):
    """A file that can be read, searched and sliced like bytes; one block of it is in memory."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self._size = name, size
        self._position, self._start, self._block = 0, 0, b""

    def _fetched(self, start: int, stop: int) -> bytes:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, wanted: slice) -> bytes:
        start, stop, _ = wanted.indices(self._size)
        if start >= stop:
            return b""
        self._hold(start, stop)
        return self._block[start - self._start : stop - self._start]

    def _hold(self, start: int, stop: int) -> None:
        """Have the block hold these bytes."""
        if start < self._start or stop > self._start + len(self._block):
            wanted = min(self._size, max(stop, start + BLOCK))
            self._start, self._block = start, self._fetched(start, wanted)
            if len(self._block) != wanted - start:
                raise ConnectionError(f"{self.name}: {len(self._block)} bytes came of {wanted - start} from {start} on")

    def find(self, wanted: bytes, start: int = 0, stop: int | None = None) -> int:
        """The first place of `wanted` that lies between `start` and `stop`, or -1."""
        stop = self._size if stop is None else min(stop, self._size)
        while start + len(wanted) <= stop:
            self._hold(start, start + len(wanted))
            place = self._block.find(wanted, start - self._start, stop - self._start)
            if place >= 0:
                return self._start + place
            start = max(start, self._start + len(self._block) - len(wanted)) + 1
        return -1

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = max(0, offset + (0, self._position, self._size)[whence])
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        stop = self._size if size is None or size < 0 else self._position + size
        content = self[self._position : stop]
        self._position += len(content)
        return content


class LocalFile(_Blocks):
    """A file on a disk, never in memory as a whole. Raises OSError where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        super().__init__(str(path), os.fstat(self._file.fileno()).st_size)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _fetched(self, start: int, stop: int) -> bytes:
        return os.pread(self._file.fileno(), stop - start, start)


class RemoteFile(_Blocks):
    """A file behind http://, https:// or s3://.

    Raises FileNotFoundError where there is none, ConnectionError where the server fails or cannot give ranges.
    """

    def __init__(self, url: str) -> None:
        import obstore

        parts = urlsplit(url)
        self._path = unquote(parts.path).lstrip("/")
        self._store = _store(f"{parts.scheme}://{parts.netloc}")
        try:
            super().__init__(url, obstore.head(self._store, self._path)["size"])
        except (OSError, obstore.exceptions.BaseError) as error:
            raise _told(url, error) from error

    def _fetched(self, start: int, stop: int) -> bytes:
        import obstore

        try:
            return obstore.get_range(self._store, self._path, start=start, end=stop).to_bytes()
        except (OSError, obstore.exceptions.BaseError) as error:
            raise _told(self.name, error) from error


def open_file(name: str) -> Path | RemoteFile:
    """The file of a path or of an http://, https:// or s3:// address."""
    return RemoteFile(name) if is_remote(name) else Path(name)


def is_remote(name: str) -> bool:
    """Whether a name is an address, not a path."""
    return name.startswith(("http://", "https://", "s3://"))


def content(name: str) -> bytes:
    """The whole of a small file."""
    file = open_file(name)
    return file.read() if isinstance(file, RemoteFile) else file.read_bytes()


def _store(base: str) -> "ObjectStore":
    from obstore.store import from_url

    retries = {"max_retries": _TRIES - 1, "retry_timeout": _PATIENCE}
    return from_url(base, client_options={"allow_http": True}, retry_config=retries)  # type: ignore[call-overload,no-any-return]


def _told(url: str, error: Exception) -> OSError:
    """The error in one line."""
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(f"{url}: not found")
    return ConnectionError(f"{url}: {str(error).splitlines()[0][:200] if str(error) else type(error).__name__}")
