"""Bytes of a page to text, whatever encoding it claims."""

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

_MAX_REPLACED = 0.005  # share of characters that could not be decoded; above, the page is unreadable
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(body: bytes, content_type: str = "") -> str | None:
    """The page as text, or None where no encoding fits.

    UTF-8 comes first: what decodes as UTF-8 is UTF-8, and servers that declare Latin-1 by default are common.
    """
    if not _is_wide(body, content_type):
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    text = body.decode(_legacy_encoding(body, content_type), "replace")
    return text if text.count("\ufffd") <= _MAX_REPLACED * len(text) else None


def _is_wide(body: bytes, content_type: str) -> bool:
    """Whether the bytes may decode as UTF-8 without being it: UTF-16, ISO-2022."""
    return body[:2] in _UTF16_MARKS or b"iso-2022" in body[:1024].lower() or "2022" in content_type


def _legacy_encoding(body: bytes, content_type: str) -> str:
    if body[:2] in _UTF16_MARKS:
        return "utf-16"
    served = resolve_encoding(http_content_type_encoding(content_type) or "")
    written = html_body_declared_encoding(body)
    for declared in (written, served) if served == "cp1252" else (served, written):
        if declared:
            return declared
    return _detected(body)


def _detected(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:50_000]).best()
    return best.encoding if best else "cp1252"


def as_utf8(body: bytes, content_type: str = "") -> bytes:
    """The page in UTF-8, for a search; unchanged where it declares to be, or where nothing fits."""
    declared = html_body_declared_encoding(body) or http_content_type_encoding(content_type)
    if declared == "utf-8" and body[:2] not in _UTF16_MARKS:
        return body
    text = decode(body, content_type)
    return body if text is None else text.encode("utf-8", "replace")
