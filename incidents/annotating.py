"""The page of `incidents explain`: articles with every finding coloured in the text and, beside it, why it was found.

displaCy draws the text. It draws no span over another, so overlapping findings are cut where one begins or ends, and
each piece is underlined once for each finding that it is part of.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any

import jinja2
from markupsafe import Markup, escape
from spacy import displacy
from spacy.tokens import Doc

from incidents.errors import UserError
from incidents.extract.contract import FAILED, Document, Event, Extraction, Mention
from incidents.extract.events.find import findings_of
from incidents.extract.events.main_event import candidates
from incidents.extract.events.reading import reading_of
from incidents.extract.pipeline import LANGUAGES, LENGTH_LIMIT, extract, load, make_doc
from incidents.showing import readable

EVENT = "event"
COLORS = {
    "vendor": "#d9480f", "product": "#b58105", "police_agency": "#1c7ed6", "deployer": "#0c8599",
    "authority": "#7048e8", "advocacy": "#2f9e44", "person": "#d6336c", "group": "#ae3ec9", "place": "#5c940d",
    "date": "#868e96", "amount": "#a0714f", "docket": "#4263eb", EVENT: "#e03131",
}  # fmt: skip
_PIECE = '<mark class="{label}" style="--kind: {bg}; box-shadow: {lines}">{text}</mark>{references}'
_LINE = 2  # pixels of an underline
_TOP_EVENTS = 5

_Key = tuple[object, ...]


@dataclass(frozen=True)
class Finding:
    """A mention or an event as the page shows it: `label` stands behind it in the text and before its reasons.

    `first` is where the same was named first; None there itself.
    """

    label: str
    anchor: str
    kind: str
    found: Mention | Event
    component: str
    first: "Finding | None" = None

    @property
    def name(self) -> str:
        """What is read out for its reference."""
        return self.found.name if isinstance(self.found, Mention) else _words(self.found.type)


@dataclass(frozen=True)
class Block:
    """A line of the article as HTML, and the mentions that begin in it."""

    html: Markup
    mentions: list[Finding]


@dataclass(frozen=True)
class Explanation:
    """One article: what was found, which component found it, and what its assessment is weighed from."""

    document: Document
    result: Extraction
    components: dict[_Key, str] = field(default_factory=dict)
    reasons: list[tuple[str, object]] = field(default_factory=list)

    def blocks(self, prefix: str) -> Iterator[Block]:
        """The text line by line; `prefix` makes the anchors of an article its own."""
        lines = self.document.text[:LENGTH_LIMIT].split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        within: dict[int, list[Finding]] = defaultdict(list)
        for item in [*self.mentions(prefix), *self.events(prefix)]:
            first, last = (bisect(starts, char) - 1 for char in (item.found.start, item.found.end - 1))
            for number in range(first, last + 1):
                within[number].append(item)
        for number, line in enumerate(lines):
            if line.strip():
                begun = [item for item in within[number] if item.found.start >= starts[number]]
                mentions = [item for item in begun if item.kind != EVENT]
                yield Block(_drawn(line, starts[number], within[number]), mentions)

    def mentions(self, prefix: str) -> list[Finding]:
        """Mentions as 1, 2, 3 in the order of the text; what names the same again points to the first."""
        first: dict[str, Finding] = {}
        found = []
        for number, mention in enumerate(self.result.mentions, start=1):
            item = self._finding(prefix, str(number), mention.kind, mention)
            same = repr((mention.kind, mention.name, mention.role, mention.entity_id, mention.attributes))
            found.append(replace(item, first=first.get(same)))
            first.setdefault(same, item)
        return found

    def events(self, prefix: str) -> list[Finding]:
        """Events as E1, E2, E3, the main one first."""
        main = [self.result.main_event] if self.result.main_event else []
        return [self._finding(prefix, f"E{n}", EVENT, e) for n, e in enumerate([*main, *self.result.events], start=1)]

    def _finding(self, prefix: str, label: str, kind: str, found: Mention | Event) -> Finding:
        return Finding(label, f"{prefix}-{label}", kind, found, self.components.get(_key(found), ""))


def page(targets: Iterable[str]) -> str:
    """The articles of files, folders and web addresses as one HTML page that needs nothing else.

    Raises UserError where there is no article in any of them.
    """
    explained = [explain(document) for document in readable(targets)]
    if not explained:
        raise UserError("no article to explain: look at what was left out, or try `incidents read` on the same")
    return render(explained)


def render(explained: Iterable[Explanation]) -> str:
    """The page as HTML."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("incidents"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"words": _words, "shown": _shown, "sentences": _sentences}
    html = environment.get_template("explain.html.j2").render(articles=list(explained), colors=COLORS)
    return html.encode(errors="replace").decode()  # a lone surrogate has no place in a file


def explain(document: Document) -> Explanation:
    """What the pipeline finds in an article and why."""
    (result,) = extract([document])
    if document.language not in LANGUAGES or (result.refused or "").startswith(FAILED):
        return Explanation(document, result)
    nlp = load(document.language)
    components: dict[_Key, str] = {}
    with nlp.memory_zone():
        doc = make_doc(nlp, document)
        for name, component in nlp.pipeline:
            doc = component(doc)
            for found in (*doc._.mentions, *doc._.events):
                components.setdefault(_key(found), name)
        return Explanation(document, result, components, list(_reasons(doc)))


def _key(found: Mention | Event) -> _Key:
    """What a component sets at once and none changes later."""
    own = (found.kind, found.name) if isinstance(found, Mention) else (EVENT, found.type)
    return (*own, found.start, found.end, found.rule)


def _reasons(doc: Doc) -> Iterator[tuple[str, object]]:
    """What relevance and kind are weighed from, the strongest events included."""
    reading = reading_of(doc)
    yield "title on face recognition", reading.in_title
    yield "first sentences on face recognition", reading.in_lede
    yield "tells of somebody affected", reading.on_victim
    yield "mentions of face recognition", f"{reading.face_count} in {reading.words} words"
    for event in candidates(findings_of(reading), reading.rules)[:_TOP_EVENTS]:
        where = "the title and " if event.in_title else ""
        passages = f"{where}{len(event.evidence)} sentence{'' if len(event.evidence) == 1 else 's'}"
        yield f"{event.event} ({reading.rules.kind_of(event.event)})", f"{event.score:.1f} points from {passages}"


def _drawn(line: str, offset: int, findings: list[Finding]) -> Markup:
    """A line of the text with its findings. displaCy escapes the text; labels and names are escaped here."""
    widest_first = sorted(findings, key=lambda item: (item.found.start, -item.found.end))
    spans = [(max(0, f.found.start - offset), min(len(line), f.found.end - offset), f) for f in widest_first]
    bounds = sorted({bound for start, end, _ in spans for bound in (start, end)})
    pieces = []
    for start, end in pairwise(bounds):
        over = [f for first, last, f in spans if first <= start and end <= last]
        if over:
            references = Markup().join(_reference(f) for f in over if f.found.end - offset == end)
            pieces.append({
                "start": start, "end": end, "label": _narrowest(over).kind,
                "params": {"lines": _lines(over), "references": references},
            })  # fmt: skip
    options = {"colors": COLORS, "template": _PIECE}
    drawing = {"text": line, "ents": pieces, "title": None}
    return Markup(displacy.render(drawing, style="ent", manual=True, jupyter=False, options=options))  # noqa: S704


def _narrowest(over: list[Finding]) -> Finding:
    """The finding whose colour a piece has; an event only where there is nothing else."""
    return min(over, key=lambda item: (item.kind == EVENT, item.found.end - item.found.start))


def _lines(over: list[Finding]) -> str:
    """An underline for each finding, the widest nearest to the text."""
    return ", ".join(f"0 {_LINE * n}px 0 {COLORS[item.kind]}" for n, item in enumerate(over, start=1))


def _reference(item: Finding) -> Markup:
    spoken = f"{item.label}, {_words(item.kind)} {item.name}: why"
    return Markup('<a class="ref" id="{0}-text" href="#{0}" aria-label="{1}">{2}</a>').format(
        item.anchor, escape(spoken), item.label
    )


def _sentences(event: Event) -> dict[str, list[str]]:
    """The sentences behind an event, each with what it says: the type, or codes."""
    said = {event.quote: [_words(event.type)]}
    for code, quote in event.codes.get("quotes", {}).items():
        said.setdefault(quote, []).append(_words(code).replace(":", ": "))
    return said


def _words(code: str) -> str:
    return code.replace("_", " ")


def _shown(value: Any) -> str:
    """A value as people write it; a code without its underscores."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return _words(text) if text.isidentifier() else text
