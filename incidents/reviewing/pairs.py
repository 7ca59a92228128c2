"""Two articles whose likeness is near the cut: do they report one incident?"""

import json
import math
from collections.abc import Iterator
from functools import partial

from incidents.link.judgements import FILE
from incidents.reviewing.questions import Choice, Pending, Question, Row
from incidents.reviewing.store import Store

SURE = 0.9  # a link scored above needs nobody's look
VERDICTS = (("s", "same incident", "same"), ("d", "different incidents", "different"), ("u", "unsure", "unsure"))
CLOSE = """
SELECT article_id AS a, other AS b, score, parts, TRUE AS together FROM explained_links
WHERE method IN ('story', 'keys') AND other IS NOT NULL AND score < $sure
"""


def pending(store: Store, who: str) -> Iterator[Pending]:
    """The pairs that nobody decided and this person did not call unsure, the nearest to the cut first."""
    answered = {item.subject for item in store.decisions().judgements if item.verdict != "unsure" or item.who == who}
    apart = [
        row | {"score": 1 / (1 + math.exp(-row["score"])), "together": False}
        for row in store.rows("SELECT a, b, score, parts FROM explained_near")
    ]
    close = [*apart, *store.rows(CLOSE, sure=SURE)]
    for row in sorted(close, key=lambda row: (abs(row["score"] - 0.5), row["a"], row["b"])):
        a, b = sorted((row["a"], row["b"]))
        if (a, b) not in answered:
            yield Pending(f"pair-{a}-{b}", partial(_question, store, a, b, row))


def _question(store: Store, a: str, b: str, row: Row) -> Question:
    weights = ", ".join(f"{name.replace('_', ' ')} {value:+.2f}" for name, value in json.loads(row["parts"]).items())
    now = "together" if row["together"] else "apart"
    return Question(
        f"pair-{a}-{b}",
        "pair",
        "Do these two articles report one incident?",
        f"They are {now} now, with a score of {row['score']:.2f} (the cut is 0.50): {weights}",
        (store.article(a), store.article(b)),
        tuple(Choice(key, label, ((FILE, {"a": a, "b": b, "verdict": code}),)) for key, label, code in VERDICTS),
    )
