"""The date of an event: stated near its words, else the day of publication where the sentence is news."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from incidents.extract.contract import Document, Mention
from incidents.extract.events.find import Finding, age_of, age_of_date, is_date_of_harm
from incidents.extract.events.reading import Passage, Reading
from incidents.extract.spans import document_of

_AHEAD = 3  # times as far as a date behind the words: "sued on Tuesday, saying police arrested him"
_OPENING = 12  # characters within which a date that opens the sentence holds for all of it
_OPENING_SENTENCES = 3
_KNOWN_WITHIN = 150  # days
_FAR = 400  # characters; farther than any word of a sentence that a date goes with
# "said on Tuesday", "sued on Friday": when somebody spoke or went to law, not when harm was done
_OTHER_ACTS = re.compile(
    r"\b(?:said|says|told|tells|wrote|tweeted|stated|added|reported|announced|disclosed|published|released|filed|sued|"
    r"settled|dijo|declaró|afirmó|anunció|denunció|a déclaré|a indiqué|a annoncé)\W+(?:\w+\W+){0,4}$"
)
# "overturned the fine imposed in May": the date of what is reviewed, not of the review
_REVIEWS = ("court_ruling", "appeal")
_REVIEWED = re.compile(
    r"\b(?:imposed|issued|filed|brought|adopted|passed|approved|signed|arrested|impuesta|presentada|infligée|déposée)"
    r"\b[^.;,]{0,80}?(?:\W(?:in|on|en|le|el))?\W+$"
)
_EARLIER = re.compile(r"\b(?:earlier|previous|prior|another)\W+$")
_MAY_LIE_AHEAD = ("deployment_planned", "hearing")


@dataclass(frozen=True)
class EventDate:
    """yyyy, yyyy-mm or yyyy-mm-dd, or None, with a code of date_precision and of date_basis.

    `words` are where the text, if it does, says what happened then, and `quote` is the sentence with the date.
    """

    value: str | None = None
    precision: str = "unknown"
    basis: str = "none"
    words: tuple[int, int] | None = None
    quote: str | None = None


@dataclass(frozen=True)
class _Words:
    """Words of an event in a sentence; a date that stands nearer to words of another event is not theirs."""

    passage: Passage
    start: int
    end: int
    others: tuple[tuple[int, int], ...] = ()

    def distance(self, item: Mention) -> int:
        """How far a date is from the words."""
        return _distance(self.passage, self.start, self.end, item)

    def nearest(self, item: Mention) -> bool:
        """Whether no other event's words, apart from those around these, stand nearer to the date."""
        own = self.distance(item)
        apart = (other for other in self.others if not other[0] <= self.start < other[1])
        return all(_distance(self.passage, *other, item) >= own for other in apart)


def publication_date(document: Document) -> EventDate:
    """The date of publication, as precisely as it is known."""
    if document.published_on is None:
        return EventDate()
    precision = document.published_precision if document.published_precision in ("year", "month") else "day"
    length = {"year": 4, "month": 7, "day": 10}[precision]
    return EventDate(document.published_on.isoformat()[:length], precision, "publication")


def stated_date(finding: Finding, reading: Reading, findings: Sequence[Finding], news: bool = False) -> EventDate:
    """The date in the finding's sentence that goes with its words; of several, the newest kind first if it is `news`.

    Harm to somebody takes no date that goes with other words, and where its sentence has none, the one of its own words
    elsewhere.
    """
    harm = reading.rules.kind_of(finding.event) == "incident"
    rivals = _rivals(finding.event, finding.passage, findings) if harm else ()
    words = _Words(finding.passage, finding.start, finding.end, rivals)
    found = _date(words, reading, finding.event, news)
    if found.value or not harm:
        return found
    return _date_of_own_words(finding.event, reading, findings) or _date_of_victim(finding.event, reading) or found


def main_date(event: str, evidence: Sequence[Finding], reading: Reading, findings: Sequence[Finding]) -> EventDate:
    """When the main event happened: as its own words say, else when the article was published.

    Harm to somebody is dated by words such as "arrested" wherever they stand, then by its best sentences and those
    beside. News of a policy, a deployment or a study is dated by its newest date, and by the day of publication where
    the text says no more than "this week" or the year.
    """
    published = publication_date(document_of(reading.doc))
    if reading.rules.kind_of(event) == "incident":
        return _date_of_harm(event, evidence, reading, findings) or published
    own = _date_of_own_words(event, reading, ())
    if own and _is_recent(own, published):
        return own
    for finding in evidence[:2]:
        found = stated_date(finding, reading, findings, news=True)
        if found.value and finding.age >= 1:
            return _refined(found, published)
    return _date_of_opening(event, reading, published)


def _is_recent(found: EventDate, published: EventDate) -> bool:
    """Whether a date is a day not long before publication: a decision is made known later than it is made."""
    if found.precision != "day" or published.precision != "day" or not found.value or not published.value:
        return False
    return 0 <= (date.fromisoformat(published.value) - date.fromisoformat(found.value)).days <= _KNOWN_WITHIN


def _date_of_opening(event: str, reading: Reading, published: EventDate) -> EventDate:
    """The date of the first of the opening sentences that is news."""
    for passage in reading.body[:_OPENING_SENTENCES]:
        found = _date(_Words(passage, passage.start, passage.start), reading, event, news=True)
        if found.value and age_of(passage, document_of(reading.doc), reading.rules) > 1:
            return _refined(found, published)
    return published


def _date_of_harm(
    event: str, evidence: Sequence[Finding], reading: Reading, findings: Sequence[Finding]
) -> EventDate | None:
    stated = _date_of_own_words(event, reading, findings)
    if stated and stated.precision != "year":
        return stated
    for finding in evidence[:2]:
        index = finding.passage.index
        for passage in (
            finding.passage,
            *reading.body[index + 1 : index + 2],
            *reading.body[max(0, index - 1) : index],
        ):
            found = _date(_Words(passage, finding.start, finding.end), reading, event, news=False)
            if found.value and found.precision != "year":
                return found
    return _date_of_victim(event, reading) or stated


def _date_of_victim(event: str, reading: Reading) -> EventDate | None:
    """The first date in a sentence on somebody affected, for harm with no date of its own; a bare year says little."""
    for passage in reading.body if event in reading.rules.dated_by else ():
        if passage.on_victim:
            found = _date(_Words(passage, passage.start, passage.end), reading, event, news=False)
            if found.value and found.precision != "year":
                return found
    return None


def _date_of_own_words(event: str, reading: Reading, findings: Sequence[Finding]) -> EventDate | None:
    """The first date that goes with the words that date such an event: "arrested him on January 9"."""
    pattern = reading.rules.dated_by.get(event)
    year: EventDate | None = None
    for passage in reading.body if pattern else ():
        rivals = _rivals(event, passage, findings)
        for match in pattern.finditer(passage.text) if pattern and passage.tie > 0 else ():
            if _EARLIER.search(passage.text[: match.start()]):
                continue
            words = _Words(passage, passage.start + match.start(), passage.start + match.end(), rivals)
            found = _date(words, reading, event, news=False)
            if found.value and found.precision != "year":
                return found
            year = year or (found if found.value else None)
    return year


def _rivals(event: str, passage: Passage, findings: Sequence[Finding]) -> tuple[tuple[int, int], ...]:
    """Where the words of other events stand in a sentence."""
    return tuple((f.start, f.end) for f in findings if f.event != event and f.passage.index == passage.index)


def _date(words: _Words, reading: Reading, event: str, news: bool) -> EventDate:
    document, rules = document_of(reading.doc), reading.rules
    harm = rules.kind_of(event) == "incident"
    today = document.published_on.isoformat() if document.published_on else "9999"
    dated = [
        item
        for item in words.passage.of_kind("date")
        if (value := item.attributes.get("value"))
        and words.distance(item) <= _FAR
        and words.nearest(item)
        and (rules.type_of(event) in _MAY_LIE_AHEAD or value <= today[: len(value)])
        and (harm or not is_date_of_harm(item, words.passage, rules))
        and not (harm and _OTHER_ACTS.search(words.passage.text[: item.start - words.passage.start]))
        and not (
            rules.type_of(event) in _REVIEWS
            and _REVIEWED.search(words.passage.text[: item.start - words.passage.start])
        )
    ]
    if not dated:
        return EventDate()

    def rank(item: Mention) -> tuple[bool, int]:
        old = (age_of_date(item, document, rules) or 1.0) < 1
        return news and old, words.distance(item)

    item = min(dated, key=rank)
    told = item.attributes
    return EventDate(told["value"], told["precision"], told["basis"], (words.start, words.end), item.quote)


def _distance(passage: Passage, start: int, end: int, item: Mention) -> int:
    if item.start >= end:
        return item.start - end
    if item.start - passage.start <= _OPENING:
        return max(0, start - item.end)
    return max(0, _AHEAD * (start - item.end))


def _refined(found: EventDate, published: EventDate) -> EventDate:
    """The day of publication, as an approximation, for a coarser date around it."""
    if found.value and published.value and found.value != published.value and published.value.startswith(found.value):
        return replace(found, value=published.value, precision="approx", basis="publication")
    return found
