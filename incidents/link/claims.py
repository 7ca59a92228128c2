"""Claims: what one sentence of one article says a value is, and the written rule by which one value is published.

A claim counts only where its quote says the value by itself (incidents.extract.support).

The rule: the more specific before the less, then a court's, regulator's or police's own page before the press, then
what more independent articles say, then the surer extraction, then the older article. Copies of an article do not
count again. A corrected text has replaced the erroneous one before (incidents.link.corpus). Losers stay in
evidence, not selected.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from incidents.extract import support
from incidents.extract.contract import QUOTE_LIMIT
from incidents.ids import digest
from incidents.link.corpus import Article, Row

_OFFICIAL_HOST = re.compile(
    r"(^|\.)(gov|mil|europa\.eu|police\.uk|courts?\.[a-z.]+)$|(^|\.)(gov|gouv|gob|govt)\.[a-z]{2,3}$"
)
_SURE = 0.5
_FACES = re.compile(r"(?i)\b(?:facial|faces?\b|recogni|reconoc|reconnai|rostro|visage)")
TEXT, TITLE = "text", "title"  # the parts of an article in which evidence may stand
CORRECTION = "correction"  # a person's word, before all others
RULES = ("more_specific", "official_source", "more_articles", "surer_extraction", "older_article")
_OFFICIAL_GROUPS = frozenset({"regulators", "police_and_courts"})


@dataclass(frozen=True)
class Claim:
    """A value and the span that supports it: `span` is a mention or event row. A higher `specific` is preferred."""

    field: str
    value: str
    article: Article
    span: Row
    specific: int = 0


def saying(claims: Iterable[Claim], vocabulary: str, code: str | None = None) -> list[Claim]:
    """The claims whose quotes say a code of a vocabulary by themselves; where none is given, each its own value."""
    return [claim for claim in claims if says(claim.article, claim.span, vocabulary, code or claim.value)]


def plainest(claims: Sequence[Claim], value: str, event_type: str) -> list[Claim]:
    """The claims, of those on one value only the ones that say by themselves what happened, where any does."""
    own = [claim for claim in claims if claim.value == value]
    return [*(saying(own, "event_type", event_type) or own), *(claim for claim in claims if claim.value != value)]


def says(article: Article, span: Row, vocabulary: str, code: str) -> bool:
    """Whether a span's quote says a code by itself."""
    return support.load(article.row["language"]).says(vocabulary, code, span["quote"])


def choose(claims: Iterable[Claim], official: frozenset[str]) -> str | None:
    """The value to publish of claims on one field, by the rule above; None without a claim.

    `official` holds the ids of articles that come from a court, regulator, police or government.
    """
    by_value: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_value[claim.value].append(claim)
    return min(by_value, key=lambda value: (*_rank(by_value[value], official), value), default=None)


def _rank(claims: Sequence[Claim], official: frozenset[str]) -> tuple[float, ...]:
    support = {claim.article.article_id for claim in claims}
    return (
        -max(claim.specific for claim in claims),
        -float(bool(support & official)),
        -len(support),
        -round(max(claim.span["score"] for claim in claims), 6),
        min(claim.article.last_day for claim in claims),
    )


def rule(claims: Iterable[Claim], selected: str, official: frozenset[str]) -> str:
    """Which part of the rule above made a value the published one; `field` where its column has a rule of its own."""
    by_value: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_value[claim.value].append(claim)
    if any(claim.span["rule"] == CORRECTION for claim in by_value[selected]):
        return CORRECTION
    ranks = {value: _rank(found, official) for value, found in by_value.items()}
    chosen = ranks.pop(selected)
    if not ranks:
        return "only_value"
    best = min(ranks.values())
    if best < chosen:
        return "field"
    return next((name for name, a, b in zip(RULES, chosen, best, strict=True) if a < b), "first_in_the_alphabet")


def official_articles(articles: Iterable[Article], groups: Mapping[str, str]) -> frozenset[str]:
    """Ids of the articles published by a court, regulator, police or government; `groups` is the group of each
    source.
    """
    return frozenset(
        article.article_id
        for article in articles
        if groups.get(article.row["source"]) in _OFFICIAL_GROUPS
        or _OFFICIAL_HOST.search(urlsplit(str(article.row["canonical_url"])).hostname or "")
    )


def evidence(table: str, row_id: str, claims: Iterable[Claim], selected: str | None) -> list[Row]:
    """The evidence rows of one value of one row, each span once. Of those for the published value the surest is
    selected, and what is sure enough beside it.
    """
    rows: dict[str, Row] = {}
    surest = sorted(claims, key=lambda claim: -claim.span["score"])
    least = min(_SURE, next((claim.span["score"] for claim in surest if claim.value == selected), 0))
    for claim in surest:
        row = _row(table, row_id, claim, claim.value == selected and claim.span["score"] >= least)
        rows.setdefault(row["evidence_id"], row)
    return list(rows.values())


def _row(table: str, row_id: str, claim: Claim, selected: bool) -> Row:
    article, span = claim.article, claim.span
    revision, part = article.row["revision_id"], span.get("part", TEXT)
    place = (part, span["start"], span["end"])
    return {
        "evidence_id": f"ev-{digest(table, row_id, claim.field, claim.value, revision, *place)}",
        "table_name": table,
        "row_id": row_id,
        "field": claim.field,
        "value": claim.value,
        "revision_id": revision,
        "char_start": span["start"],
        "char_end": span["end"],
        "part": part,
        "quote": span["quote"][:QUOTE_LIMIT],
        "language": article.row["language"],
        "extractor": span["rule"],
        "extractor_version": article.assessment["extractor_version"],
        "score": span["score"],
        "selected": selected,
    }


def lead(article: Article) -> Row:
    """The title as a span, else the first sentence, for an article about an incident in which no event was found."""
    title, text = str(article.row["title"] or "")[:QUOTE_LIMIT], str(article.row["text"])
    found = {"rule": "link.lead", "score": 0.3}
    if title:
        return found | {"start": 0, "end": len(title), "quote": title, "part": TITLE}
    start = len(text) - len(text.lstrip())
    stop = re.compile(r"[.!?](?=\s)|\n").search(text, start)
    end = min(stop.end() if stop else len(text), start + QUOTE_LIMIT)
    return found | {"start": start, "end": end, "quote": text[start:end].strip() or text[:1]}


def quoted(article: Article, quote: str, span: Row) -> Row:
    """The span of another quote of the same article, in its text or its title; else the span given."""
    for part, where in ((TEXT, article.row["text"]), (TITLE, article.row["title"])):
        start = str(where or "").find(quote) if quote else -1
        if start >= 0:
            return span | {"start": start, "end": start + len(quote), "quote": quote, "part": part}
    return span


def behind(article: Article, event: Row, *keys: str) -> Row:
    """The event with the sentence that says one thing of it, under the first key that has one (codes["quotes"])."""
    quotes = event["codes"].get("quotes", {})
    return quoted(article, next((quotes[key] for key in keys if key in quotes), ""), event)


def named_in(article: Article, event: Row, kind: str, name: str, role: str = "") -> Row | None:
    """The mention of a name in the event's own sentence, else the title that has it, else the nearest mention in a
    sentence on faces, else the nearest. Where a role is asked for, of those whose sentence shows it, or plainly tells
    of the event. None without any.
    """
    mentions = [m for m in article.mentions if m["name"] == name and (kind == "" or m["kind"] == kind)]
    spans = sorted(mentions, key=lambda m: _distance(m, event))
    title = str(article.row["title"] or "")
    if any(_is_word(m["text"], title) for m in mentions):
        own = sum(span["quote"] == event["quote"] for span in spans)
        spans.insert(own, quoted(article, title[:QUOTE_LIMIT], spans[0]))
    plain = behind(article, event, "type")["quote"] if role else ""
    shown = (s for s in spans if not role or s["quote"] == plain or says(article, s, "organization_role", role))
    return next(shown, None)


def _distance(mention: Row, event: Row) -> tuple[bool, bool, int, int]:
    apart = abs(mention["start"] - event["start"])
    return mention["quote"] != event["quote"], not _FACES.search(mention["quote"]), apart, mention["start"]


def _is_word(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None
