"""Bylines to names."""

import re
from collections.abc import Iterable

_MAX_NAME = 60
_MAX_WORDS = 6
_PREFIX = re.compile(
    r"""(?ix)^\s*(?:(?:written|reported|words|story|text|article|published|posted)\s+)?
    (?:by|von|por|par|di|da|door|av|af|autor(?:es)?|author|text|texto|från|redaktion)\b\s*:?\s+"""
)
_SPLIT = re.compile(
    r"""(?ix)\s*(?:[;|•·\n]|,(?!\s*(?:jr|sr|ii|iii|ph\.?d|md|m\.d)\b)|\s/\s|\s&\s|\s(?:and|und|y|og|och|en|e|ja)\s)\s*"""
)
_INITIALS = re.compile(r"\s*\([^()]{1,12}\)$|\s+(?:기자|記者)$")
_NO_NAME = re.compile(
    r"(?i)https?:|www\.|@|\d{3,}|[<>{}=()\[\]]|^(?:image|photo|getty|updated?|published|source|quelle|fuente)\b"
)
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")


def names(byline: str, publisher: str = "") -> list[str]:
    """The names in a byline, in its order.

    Addresses, handles, what is too long to be a name and the publisher's own name are left out.
    """
    if byline.startswith(("http://", "https://")):
        return []
    parts = (
        _INITIALS.sub("", _PREFIX.sub("", part).strip(" ,.-–—:")) for part in _SPLIT.split(_PREFIX.sub("", byline))
    )
    return [name for name in parts if _is_name(name) and not is_house(name, [publisher])]


def is_house(name: str, houses: Iterable[str]) -> bool:
    """Whether a name is the publisher's: its name or its host, with or without `www.` and the top-level domain."""
    letters = _letters(name)
    return any(letters in (_letters(house), _letters(house.rpartition(".")[0])) for house in houses if house)


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= _MAX_NAME
        and len(name.split()) <= _MAX_WORDS
        and not _NO_NAME.search(name)
        and not _SLUG.fullmatch(name)
    )


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower().removeprefix("www."))
