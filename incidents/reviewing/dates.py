"""Incidents whose articles give dates that cannot both be right: which one is?"""

from collections.abc import Iterator
from functools import partial

from incidents.link.corrections import FILE
from incidents.link.keys import period
from incidents.reviewing.questions import Choice, Pending, Question, Row, Sentence, Side
from incidents.reviewing.store import Store

FIELD = "event_on_start"
MOST = 9  # values, one for each key
# The published sentence and address, which keep the name policy, beside the sentence as the article has it.
STATED = f"""
SELECT i.incident_id, i.title, i.publisher_count, e.value, e.selected, e.quote, w.quote AS written, e.revision_id,
       e.char_start, e.char_end, a.url, a.publisher, a.published_on, m.article_id AS founding
FROM incidents i JOIN evidence e ON e.row_id = i.incident_id AND e.field = '{FIELD}'
JOIN linked_evidence w USING (evidence_id) JOIN article_revisions r ON r.revision_id = e.revision_id
JOIN articles a USING (article_id)
JOIN incident_articles m ON m.incident_id = i.incident_id AND m.method = 'founding'
ORDER BY i.publisher_count DESC, i.incident_id, e.selected DESC, e.value, e.score DESC, e.evidence_id
"""


def pending(store: Store, who: str) -> Iterator[Pending]:
    """The incidents with dates that exclude each other, those that most publishers tell of first."""
    corrected = {item.row_id for item in store.decisions().corrections if item.field == FIELD}
    stated: dict[str, list[Row]] = {}
    for row in store.rows(STATED):
        stated.setdefault(row["incident_id"], []).append(row)
    for incident, rows in stated.items():
        if _conflict({row["value"] for row in rows}) and not corrected & {incident, rows[0]["founding"]}:
            yield Pending(f"date-{incident}", partial(_question, incident, rows))


def _conflict(values: set[str]) -> bool:
    """Whether two dates exclude each other: a month and a day of it do not."""
    days = [found for value in values if (found := period(value))]
    return any(a[1] < b[0] for a in days for b in days)


def _question(incident: str, rows: list[Row]) -> Question:
    by_value: dict[str, list[Row]] = {}
    for row in rows:
        by_value.setdefault(row["value"], []).append(row)
    values = list(by_value)[:MOST]
    return Question(
        f"date-{incident}",
        "date",
        f"When did it happen? {rows[0]['title']}",
        f"{incident}: its articles give dates that exclude each other",
        tuple(_side(value, by_value[value]) for value in values),
        tuple(_choice(str(n), value, by_value[value][0]) for n, value in enumerate(values, 1)),
    )


def _side(value: str, rows: list[Row]) -> Side:
    state = "published now" if rows[0]["selected"] else "not published"
    told = tuple(Sentence(f"{row['publisher']}, {row['published_on'] or 'no date'}", row["written"]) for row in rows)
    return Side(value, state, told)


def _choice(key: str, value: str, row: Row) -> Choice:
    line = {"row_id": row["founding"], "field": FIELD, "value": value, "source": row["url"], "quote": row["quote"]}
    place = {name: row[name] for name in ("revision_id", "char_start", "char_end")}
    return Choice(key, value, ((FILE, line | place),))
