"""People affected whom nobody has looked at: may they be named, as the name policy says of them?"""

import json
from collections.abc import Iterator
from functools import partial

from incidents.extract.contract import QUOTE_LIMIT
from incidents.link import reviews
from incidents.link.corrections import FILE, POLICY
from incidents.publish.names import NameFinder
from incidents.publish.suppressions import LABEL
from incidents.reviewing.questions import Ask, Choice, Pending, Question, Row, Sentence, Side
from incidents.reviewing.store import Store

NAMED = ("public_official", "public_figure", "went_public")
PROOF = (Ask("source", "address of the page that shows it"), Ask("quote", "its sentence, without a name"))
AFFECTED = """
SELECT p.person_id, min(p.affected_party_id) AS party, min(p.name_policy) AS policy, min(p.display_label) AS label,
       string_agg(DISTINCT i.title, '; ' ORDER BY i.title) AS titles, any_value(w.name) AS name,
       any_value(w.forms) AS forms, any_value(w.article_ids) AS articles
FROM affected_parties p JOIN incidents i USING (incident_id) JOIN linked_people w USING (person_id)
WHERE p.person_id IS NOT NULL AND p.name_policy != 'suppressed' GROUP BY p.person_id ORDER BY party
"""
SENTENCES = """
SELECT e.quote, e.revision_id, e.char_start, e.char_end, a.article_id, a.publisher, a.published_on, w.quote AS written
FROM evidence e JOIN linked_evidence w USING (evidence_id)
JOIN article_revisions r ON r.revision_id = e.revision_id JOIN articles a USING (article_id)
WHERE e.row_id = $party AND e.field = 'display_label' ORDER BY e.score DESC, e.evidence_id
"""


# The places where the articles say what the policy rests on.
STATED = """
SELECT DISTINCT article_id, attributes, quote FROM working_mentions
WHERE kind = 'person' AND list_contains($forms, name) AND list_contains($articles, article_id) ORDER BY ALL
"""
GROUNDS = ("minor", "sexual_assault_context", "public_figure", "spoke_publicly", "accused")


def pending(store: Store, who: str) -> Iterator[Pending]:
    """The people whose policy nobody confirmed or changed; first those named, for a name cannot be taken back."""
    decided = store.decisions()
    done = {(item.looked_at, item.seen) for item in decided.reviews if item.verdict != "unsure" or item.who == who}
    changed = {item.row_id for item in decided.corrections if item.field == POLICY}
    for row in sorted(store.rows(AFFECTED), key=lambda row: (row["policy"] not in NAMED, row["party"])):
        if (row["person_id"], row["policy"]) not in done and row["person_id"] not in changed:
            yield Pending(row["person_id"], partial(_question, store, row))


def _question(store: Store, row: Row) -> Question:
    told = store.rows(SENTENCES, party=row["party"])
    sentences = [Sentence(f"{t['publisher']}, {t['published_on'] or 'no date'}", t["written"]) for t in told]
    looked_at = {"looked_at": row["person_id"], "seen": row["policy"]}
    return Question(
        row["person_id"],
        "person",
        f"May {row['name']} be named?",
        f"Published as “{row['label']}” under {row['policy']}; nobody has looked at it",
        (
            Side(row["name"], f"{row['person_id']}; {row['titles']}", tuple(sentences)),
            Side("What the policy rests on", "as the articles were read", tuple(_grounds(store, row))),
        ),
        (
            Choice("y", f"{row['policy']} is right", ((reviews.FILE, looked_at | {"verdict": "right"}),)),
            _changed("w", "withhold the name: private person", "withheld_private", row, told[0]),
            _changed("m", "withhold the name: a minor", "withheld_minor", row, told[0]),
            _changed(
                "x", "withhold the name: near an allegation of sexual assault", "withheld_sexual_assault", row, told[0]
            ),
            Choice("n", "name: went public", ((FILE, _line(row, "went_public")),), PROOF),
            Choice("u", "unsure", ((reviews.FILE, looked_at | {"verdict": "unsure"}),)),
        ),
    )


def _grounds(store: Store, row: Row) -> Iterator[Sentence]:
    """Each sentence in which the articles were found to say something that the policy goes by."""
    for stated in store.rows(STATED, forms=row["forms"], articles=row["articles"]):
        grounds = [name.replace("_", " ") for name in GROUNDS if json.loads(stated["attributes"]).get(name)]
        if grounds:
            yield Sentence(f"{', '.join(grounds)} ({stated['article_id']})", stated["quote"])


def _line(row: Row, policy: str) -> Row:
    return {"row_id": row["person_id"], "field": POLICY, "value": policy}


def _changed(key: str, label: str, policy: str, row: Row, told: Row) -> Choice:
    """Another policy, for what the first sentence shown says; the line holds no name, nor an address that may."""
    names = NameFinder(dict.fromkeys((row["name"], *row["forms"]), f"[{LABEL}]"))
    place = {name: told[name] for name in ("revision_id", "char_start", "char_end")}
    proof = {"source": told["article_id"], "quote": names.replace(told["quote"])[:QUOTE_LIMIT]}
    return Choice(key, label, ((FILE, _line(row, policy) | place | proof),))
