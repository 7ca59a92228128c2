"""Names of people compared: two spellings of one name, and two people with one surname."""

import re
import unicodedata
from functools import cache

_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_MIN_FUZZY = 5


@cache
def parts(name: str) -> tuple[str, str, str]:
    """First name, surname and generation (jr, sr...) of a name, folded; a single word is a surname."""
    words = folded_words(name)
    generation = next((_GENERATIONS[word] for word in words[1:] if word in _GENERATIONS), "")
    words = [word for word in words if word not in _GENERATIONS] or words
    return (words[0] if len(words) > 1 else "", words[-1] if words else "", generation)


def folded_words(name: str) -> list[str]:
    """The words of a name without accents, in small letters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", plain)


def same_person(a: str, b: str) -> bool:
    """Whether two full names can be spellings of one: equal, one letter or a short form apart, never two first
    names.
    """
    first_a, last_a, generation_a = parts(a)
    first_b, last_b, generation_b = parts(b)
    if generation_a and generation_b and generation_a != generation_b:
        return False
    if not first_a or not first_b:
        return bool(last_a) and last_a == last_b
    return _same_last(last_a, last_b) and _same_first(first_a, first_b)


def block_keys(name: str) -> set[str]:
    """Keys of which two spellings of one name share at least one."""
    first, last, _ = parts(name)
    return {f"surname:{last}"} | ({f"first:{first}:{last[:1]}", f"initials:{first[0]}:{last[:3]}"} if first else set())


@cache
def full_name_keys(name: str) -> frozenset[str]:
    """Keys of which two spellings of one full name share at least one, and two other names hardly any.

    The initial and the surname, whole and without each one of its letters: two words that one edit parts have such a
    form in common (Mor and Fraenkel, String correction using the deletion method, 1982).
    """
    first, last, _ = parts(name)
    forms = {last} | ({last[:n] + last[n + 1 :] for n in range(len(last))} if len(last) >= _MIN_FUZZY else set())
    return frozenset(f"{first[:1]}:{form}" for form in forms)


def _same_last(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= _MIN_FUZZY and edits(a, b) <= 1)


def _same_first(a: str, b: str) -> bool:
    if a == b or (min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a))):
        return True
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    return a[0] == b[0] and min(len(a), len(b)) >= _MIN_FUZZY and edits(a, b) <= 1


def edits(a: str, b: str) -> int:
    """Letters to add, drop or change to turn one word into the other (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != other))
    return row[-1]
