"""A newsroom for tests: invented articles with what extraction would have found in them."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from incidents import ids
from incidents.link import Registry, link
from incidents.link.oversight import Decisions
from incidents.reference import Code, Reference
from incidents.working import SCHEMAS

TOLD = {  # a sentence that says plainly that a later step happened
    "lawsuit_filed": "A lawsuit was filed.",
    "settlement": "It was settled.",
    "charges_dropped": "The charges were dropped.",
    "court_ruling": "A court has ruled.",
}
SENTENCE = "The city confirmed it on Monday."
KIND_OF_ROLE = {"vendor": "vendor", "police_agency": "police_agency"}
ACTED_BY = {"misidentification_arrest": ("police_agency",), "regulatory_fine": ("regulator",), "ban": ("legislature",)}
VOCABULARY = {
    "event_type": {
        code: Code(
            code=code,
            definition="d",
            includes="i",
            example="e",
            record_class=group,
            phrase=phrase,
            acted_by=ACTED_BY.get(code, ()),
        )
        for code, group, phrase in (
            ("misidentification_arrest", "incident", "Wrongful arrest after a false face match"),
            ("lawsuit_filed", "policy_event", "Lawsuit"),
            ("settlement", "policy_event", "Settlement"),
            ("bill_proposed", "policy_event", "Bill"),
            ("reversal_or_expiry", "policy_event", "Reversal"),
            ("ban", "policy_event", "Ban"),
            ("regulatory_fine", "policy_event", "Fine"),
            ("deployment_started", "deployment", "Deployment"),
        )
    }
}


@dataclass
class Newsroom:
    """Collects working rows. Every name given must stand in the text, as extraction would have it."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    assessments: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    reference: Reference = field(default_factory=Reference)

    def article(
        self,
        slug: str,
        title: str,
        text: str,
        on: str = "2023-03-01",
        kind: str = "incident",
        publisher: str = "",
        relevant: bool = True,
        affected: tuple[str, ...] = (),
        groups: tuple[str, ...] = (),
        about: dict[str, dict[str, Any]] | None = None,
        events: tuple[dict[str, Any], ...] = (),
        named: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """Adds an article; `on` may be a day, a month or a year. The first event is the main one; `named` are names in
        the text that no event has, each with its kind of mention. Returns its id.
        """
        url = f"https://{slug}.example/news"
        article, sha = ids.article_id(url), ids.text_sha256(text)
        revision = ids.revision_id(article, sha)
        key = {"revision_id": revision, "article_id": article}
        precision = {4: "year", 7: "month", 10: "day"}[len(on)]
        self.articles.append(
            key
            | {
                "url": url,
                "canonical_url": url,
                "urls": [{"url": url, "relation": "canonical"}],
                "title": title,
                "text": text,
                "language": "en",
                "publisher": publisher or slug,
                "authors": [],
                "published_on": date.fromisoformat((on + "-01-01")[:10]),
                "published_at": None,
                "published_precision": precision,
                "modified_at": None,
                "correction": None,
                "paywalled": None,
                "source": "inbox",
                "fetched_at": datetime(2024, 1, 1, tzinfo=UTC),
                "text_sha256": sha,
                "word_count": len(text.split()),
                "archive_file": "archive/a.warc.gz",
                "archive_offset": 0,
                "reader_version": "1",
            }
        )
        self.assessments.append(
            key
            | {
                "relevant": relevant,
                "relevance": 0.9 if relevant else 0.1,
                "kind": kind,
                "refused": None,
                "extractor_version": "1",
                "model": "m",
                "model_version": "1",
            }
        )
        for name in affected:
            self._mention(key, text, "person", name, role="affected", attributes=(about or {}).get(name, {}))
        for name in groups:
            self._mention(key, text, "group", name, role="affected")
        for name, mentioned in named:
            products = {p.name: p.id for vendor in self.reference.vendors for p in vendor.products}
            self._mention(key, text, mentioned, name, entity_id=products.get(name))
        for number, event in enumerate(events):
            self._event(key, text, event, number == 0)
        return article

    def _mention(self, key: dict[str, Any], text: str, kind: str, name: str, **rest: Any) -> None:
        start = text.index(name)
        row = {
            "mention_id": f"m{len(self.mentions):05}",
            "kind": kind,
            "role": rest.get("role"),
            "name": name,
            "entity_id": rest.get("entity_id"),
            "text": name,
            "start": start,
            "end": start + len(name),
            "quote": text[:300],
            "rule": "test",
            "score": 0.9,
            "attributes": json.dumps(rest.get("attributes", {})),
        }
        self.mentions.append(key | row)

    def _event(self, key: dict[str, Any], text: str, event: dict[str, Any], is_main: bool) -> None:
        organizations = [{"name": n, "entity_id": None, "role": r} for n, r in event.get("organizations", ())]
        for entry in organizations:
            self._mention(key, text, KIND_OF_ROLE.get(entry["role"], "authority"), entry["name"])
        place = event.get("place")
        if place:
            self._mention(key, text, "place", place, attributes={"country": "US", "precision": "city"})
        day = event.get("date")
        row = {
            "event_id": f"e{len(self.events):05}",
            "is_main": is_main,
            "type": event["type"],
            "date": day,
            "date_precision": {None: "unknown", 4: "year", 7: "month", 10: "day"}[len(day) if day else None],
            "date_basis": "stated" if day else "none",
            "place": place,
            "place_id": None,
            "organizations": json.dumps(organizations),
            "people": list(event.get("people", ())),
            "codes": json.dumps(event.get("codes", {})),
            "quote": text[:300],
            "start": 0,
            "end": min(len(text), 300),
            "rule": "test",
            "score": event.get("score", 0.8),
        }
        self.events.append(key | row)

    def arrest(self, slug: str, person: str, agency: str, day: str, on: str, **rest: Any) -> str:
        """An article on somebody arrested after a false match."""
        later = " ".join(dict.fromkeys(TOLD.get(event["type"], "") for event in rest.get("more", ())))
        told = f"{person} was arrested by the {agency} after a false face match. {later} {own_words(slug)}"
        text = rest.pop("text", told)
        event = {
            "type": "misidentification_arrest",
            "date": day,
            "people": (person,),
            "organizations": ((agency, "police_agency"),),
        }
        title = rest.pop("title", f"{person} arrested after face match")
        affected = (person, *rest.pop("affected_too", ()))
        return self.article(slug, title, text, on, affected=affected, events=(event, *rest.pop("more", ())), **rest)

    def frames(self, reverse: bool = False) -> list[pa.Table]:
        """The working rows, in the order given or the reverse."""
        tables = {
            "articles": self.articles,
            "assessments": self.assessments,
            "mentions": self.mentions,
            "events": self.events,
        }
        return [pa.Table.from_pylist(rows[::-1] if reverse else rows, SCHEMAS[n]) for n, rows in tables.items()]

    def link(self, registry: Registry | None = None, judged: Any = (), reverse: bool = False) -> Any:
        """What linking makes of it all, under some judgements or decisions of every kind."""
        decided = Decisions(judged) if isinstance(judged, tuple) else judged
        return link(*self.frames(reverse), registry or Registry(), decided, self.known, "2024-01-01")

    @property
    def known(self) -> Reference:
        """The reference data."""
        return replace(self.reference, vocabulary=VOCABULARY)

    @staticmethod
    def grouped(linked: Any) -> list[set[str]]:
        """The articles of each incident."""
        groups: dict[str, set[str]] = {}
        for row in linked.tables["incident_articles"].to_pylist():
            if row["relation"] in ("reports", "follow_up"):
                groups.setdefault(row["incident_id"], set()).add(row["article_id"])
        return sorted(groups.values(), key=sorted)


def own_words(slug: str) -> str:
    """A passage that no other paper has, so that the article is nobody's copy."""
    words = ("said", "that", "nobody", "from", "there", "would", "talk")
    return " ".join(f"{slug}{number} {word}" for number, word in enumerate(words))


@pytest.fixture
def news() -> Newsroom:
    return Newsroom()
