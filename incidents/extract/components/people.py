"""Component: every named person of an article with a role and the cue that shows it, and unnamed victims."""

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.contract import Mention
from incidents.extract.people.attributes import attributes_of
from incidents.extract.people.clusters import Occurrence, cluster
from incidents.extract.people.cues import NAMED, Article
from incidents.extract.people.described import Described, find_described
from incidents.extract.people.harm import AFFECTED
from incidents.extract.people.names import find_names
from incidents.extract.people.pronouns import add_pronouns
from incidents.extract.people.roles import THRESHOLD, Decision, decide
from incidents.extract.scoring import score_mentions
from incidents.extract.spans import mention


@Language.factory("incidents_people", default_config={"affected_from": THRESHOLD})
class People:
    """Appends `person` mentions, of which those of one person share name, role and attributes, and unnamed victims.

    `affected_from` is the weight of evidence from which a person counts as affected.
    """

    def __init__(self, nlp: Language, name: str, affected_from: float) -> None:
        self.name = name
        self._affected_from = affected_from

    def __call__(self, doc: Doc) -> Doc:
        people = cluster(doc, find_names(doc))
        add_pronouns(doc, people)
        article = Article(doc, people)
        genders: list[str | None] = []
        for decision in decide(article, self._affected_from):
            mentions = list(_mentions(article, decision))
            doc._.mentions.extend(mentions)
            if decision.role == AFFECTED:
                genders.append(mentions[0].attributes.get("gender"))
        doc._.mentions.extend(_described(doc, victim) for victim in find_described(article, genders))
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of the people named, for `nlp.evaluate`."""
        return score_mentions(examples, ["person"])


def _mentions(article: Article, decision: Decision) -> Iterator[Mention]:
    """One mention for each way the person is written, where it first stands, and one for its strongest cue."""
    doc = article.doc
    rules: dict[Occurrence, str] = {}
    written: set[str] = set()
    for occurrence in decision.person.occurrences:
        text = doc[occurrence.start : occurrence.end].text
        if occurrence.named and text not in written:
            written.add(text)
            rules[occurrence] = NAMED
    if decision.cues:
        rules[decision.cues[0].occurrence] = decision.cues[0].rule
    attributes = attributes_of(article, decision)
    for occurrence, rule in rules.items():
        span = doc[occurrence.start : occurrence.end]
        yield mention(
            doc,
            span.start_char,
            span.end_char,
            "person",
            decision.person.name,
            rule,
            decision.score,
            role=decision.role,
            **attributes,
        )


def _described(doc: Doc, victim: Described) -> Mention:
    """An unnamed victim is one person of a group of one, so that a description is never taken for a name."""
    span = doc[victim.start : victim.end]
    score = min(0.95, 0.5 + victim.weight / 10)
    stated: dict[str, Any] = {"described": True, "count": 1, "party_kind": "person"} | victim.attributes
    return mention(
        doc, span.start_char, span.end_char, "group", victim.description, victim.rule, score, role=AFFECTED, **stated
    )
