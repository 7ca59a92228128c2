"""Keys made from content: the same thing has the same key on every machine and in every run."""

import hashlib

_SEPARATOR = "\x1f"


def digest(*parts: object, length: int = 16) -> str:
    """The first `length` hex digits of the SHA-256 over the parts."""
    joined = _SEPARATOR.join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:length]


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def article_id(canonical_url: str) -> str:
    return f"art-{digest(canonical_url)}"


def revision_id(article: str, sha256: str) -> str:
    return f"rev-{digest(article, sha256)}"
