"""Amounts of money and docket numbers in a text, by regular expressions for English, Spanish and French."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "C$": "CAD",
    "A$": "AUD",
    "£": "GBP",
    "€": "EUR",
    "¥": "CNY",
    "R$": "BRL",
    "₹": "INR",
}
_WORDS = {
    "dollar": "USD", "us dollar": "USD", "dólar": "USD", "dólare": "USD", "canadian dollar": "CAD",
    "australian dollar": "AUD", "euro": "EUR", "pound": "GBP", "rupee": "INR", "yuan": "CNY", "rouble": "RUB",
    "ruble": "RUB", "real": "BRL", "reai": "BRL", "usd": "USD", "eur": "EUR", "gbp": "GBP", "livre sterling": "GBP",
    "libra": "GBP", "krona": "SEK", "kronor": "SEK", "zloty": "PLN",
}  # fmt: skip
_SCALES = {
    "k": 1e3, "thousand": 1e3, "mil": 1e3, "mille": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "millón": 1e6,
    "millone": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "milliard": 1e9,
}  # fmt: skip
_NUMBER = r"(?P<number>\d{1,3}(?:[., ]\d{3}){1,5}(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)"
_SCALE = r"(?:[ -]?(?P<scale>millones|millions?|millón|milliards?|billion|thousand|mille|mil|bn|mn|[kKmMbB])\b)?"
_BEFORE = re.compile(rf"(?P<unit>US\$|C\$|A\$|R\$|[$£€¥₹]|\b(?:USD|EUR|GBP)) ?{_NUMBER}{_SCALE}")
_AFTER = re.compile(
    rf"(?<![\d.,$£€]){_NUMBER}{_SCALE}(?: de| d')? ?"
    rf"(?P<unit>€|£|(?i:{'|'.join(sorted((re.escape(w) for w in _WORDS), key=len, reverse=True))})s?\b)"
)
_HEAD_START = 20  # characters: what is paid in a settlement is a settlement
# What an amount is, by the words nearest to it; the first pattern wins a tie.
_KINDS = (
    ("settlement", re.compile(r"(?i)\bsettle[sd]?\b|\bsettlement|\bacuerdo (?:extrajudicial|económico)|à l'amiable")),
    ("fine_imposed", re.compile(r"(?i)\bfine[sd]?\b|\bpenalt|\bfining|\bmult(?:a|ó|ada|ado)\b|\bsanci[óo]n|\bamende")),
    (
        "damages_claimed",
        re.compile(r"(?i)\bdamages|\bseek(?:s|ing)?\b|\bsu(?:es|ed|ing)\b|\bcompensation|\bindemniza|\bdommages"),
    ),
    (
        "paid",
        re.compile(r"(?i)(?<!penalty )\bpa(?:y|ys|id|yment|yout|ying)\b|\bpag(?:ó|ar|ado|aron)\b|\bpay(?:é|er)\b"),
    ),
    (
        "price",
        re.compile(r"(?i)\bcosts?\b|\bprice|\bcontract|\bworth\b|\bspen[dt]|\bbudget|\bfund|\brais(?:ed?|ing)|\bvalu"),
    ),
)
_DOCKETS = re.compile(
    r"\b(?:[Cc]ase|[Dd]ocket|[Cc]ivil [Aa]ction|[Cc]ause|[Ii]ndex)\.? (?:[Nn]o\.?|[Nn]umber|#)s?:? ?"
    r"(?P<docket>[A-Z0-9][A-Za-z0-9:/.-]*\d[A-Z0-9/-]*)"
    r"|\b(?P<federal>(?:\d:)?\d{2}-(?:cv|cr|mc|md|CV|CR)-\d{3,5}(?:-[A-Z]{2,4})*)"
    r"|(?P<neutral>\[20\d\d\] (?:EWCA|EWHC|UKSC|UKUT|UKFTT|UKIPTrib|NSWCA|FCA|HCA)"
    r"(?: [A-Z][a-z]+)? \d+(?: \([A-Z]+\))?)"
    r"|\b(?P<spanish>(?:PS|EXP|E|R|TD)[/-]\d{5}[/-]20\d\d)"
    r"|\b(?P<french>SAN-20\d\d-\d{3})"
)


@dataclass(frozen=True)
class Amount:
    """text[start:end] names `value` units of `currency` (ISO 4217)."""

    start: int
    end: int
    value: float
    currency: str


def find_amounts(text: str) -> list[Amount]:
    """Every amount of money, in order. A dollar is a US dollar unless the text says otherwise."""
    taken = bytearray(len(text))
    found: list[Amount] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            start, end = match.span()
            value = _value(match["number"], match["scale"])
            if value and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Amount(start, end, value, _currency(match["unit"])))
    return sorted(found, key=lambda amount: amount.start)


def amount_kind(sentence: str, start: int, end: int) -> str:
    """What the amount at sentence[start:end] is: the kind whose words stand nearest to it in its sentence."""
    nearest: list[tuple[int, int, str]] = []
    for order, (kind, pattern) in enumerate(_KINDS):
        for match in pattern.finditer(sentence):
            gap = max(start - match.end(), match.start() - end, 0) - (_HEAD_START if kind == "settlement" else 0)
            nearest.append((gap, order, kind))
    return min(nearest)[2] if nearest else "other"


def find_dockets(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, number) of each docket, case or neutral citation number."""
    for match in _DOCKETS.finditer(text):
        group = match.lastgroup or ""
        number = match[group].rstrip(".:/-")
        if group != "docket" or len(number) > 3:
            yield match.start(group), match.start(group) + len(number), number


def _value(number: str, scale: str | None) -> float:
    """1,500 and 1.500 are thousands, 1.5 and 1,5 are not."""
    plain = re.sub(r"[., ](?=\d{3}(?!\d))", "", number).replace(",", ".")
    if not scale:
        return float(plain)
    word = scale.lower().removesuffix("s")
    return round(float(plain) * _SCALES[word], 2)


def _currency(unit: str) -> str:
    return _SYMBOLS.get(unit) or _WORDS.get(unit.lower()) or _WORDS[unit.lower().removesuffix("s")]
