"""Incidents of low confidence that nobody has looked at: are they right as they stand?"""

from collections.abc import Iterator
from functools import partial

from incidents.link import reviews
from incidents.link.corrections import CORRECTABLE, FILE
from incidents.reviewing.questions import Ask, Choice, Pending, Question, Row, Sentence, Side
from incidents.reviewing.store import Store

LOW = 0.6
MOST_ARTICLES = 2
SHOWN = sorted(CORRECTABLE["incidents"])
PROOF = (
    Ask("field", f"field ({', '.join(SHOWN)})"),
    Ask("value", "right value"),
    Ask("source", "address of the page that says so"),
    Ask("quote", "its sentence, without a name"),
)
UNSEEN = """
SELECT * FROM linked_incidents WHERE confidence < $low AND review_level = 'machine' ORDER BY confidence, incident_id
"""
ARTICLES = """
SELECT article_id FROM linked_incident_articles JOIN linked_articles USING (article_id)
WHERE incident_id = $id AND relation IN ('reports', 'follow_up') AND copy_of IS NULL
ORDER BY method != 'founding', score DESC, article_id
"""
SENTENCES = "SELECT field, quote FROM linked_evidence WHERE row_id = $id AND selected ORDER BY field, score DESC"
BODIES = """
SELECT role, name FROM linked_incident_organizations JOIN linked_organizations USING (organization_id)
WHERE incident_id = $id ORDER BY role, name
"""


def pending(store: Store, who: str) -> Iterator[Pending]:
    """The incidents whose values nobody confirmed, the least sure first."""
    reviewed = {
        (item.looked_at, item.seen) for item in store.decisions().reviews if item.verdict != "unsure" or item.who == who
    }
    for row in store.rows(UNSEEN, low=LOW):
        articles = [found["article_id"] for found in store.rows(ARTICLES, id=row["incident_id"])]
        if articles and not reviewed & {(articles[0], reviews.seen(row)), (articles[0], None)}:
            yield Pending(row["incident_id"], partial(_question, store, row, articles))


def _question(store: Store, row: Row, articles: list[str]) -> Question:
    founding = {"looked_at": articles[0], "seen": reviews.seen(row)}
    none = tuple((reviews.FILE, {"looked_at": article, "verdict": reviews.NO_INCIDENT}) for article in articles)
    return Question(
        row["incident_id"],
        "incident",
        f"Is this incident right as it stands? {row['title']}",
        f"Its confidence is {row['confidence']:.2f}; nobody has looked at it",
        (_values(store, row), *(store.article(article) for article in articles[:MOST_ARTICLES])),
        (
            Choice("y", "right as it stands", ((reviews.FILE, founding | {"verdict": reviews.RIGHT}),)),
            Choice("n", "no incident at all", none),
            Choice("c", "correct a value", ((FILE, {"row_id": articles[0]}),), PROOF),
            Choice("u", "unsure", ((reviews.FILE, founding | {"verdict": "unsure"}),)),
        ),
    )


def _values(store: Store, row: Row) -> Side:
    """The values of an incident, each with the first sentence behind it."""
    quotes: dict[str, str] = {}
    for found in store.rows(SENTENCES, id=row["incident_id"]):
        quotes.setdefault(found["field"], found["quote"])
    told = [Sentence(f"{name}: {row[name]}", quotes.get(name, "")) for name in SHOWN if row[name] is not None]
    bodies = "; ".join(f"{body['name']} ({body['role']})" for body in store.rows(BODIES, id=row["incident_id"]))
    return Side(row["title"], f"{row['incident_id']}; {bodies or 'no organization'}", tuple(told))
