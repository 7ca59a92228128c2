"""Component: groups of people that the article names, from the vocabulary in data/reference/groups.yaml."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from incidents.extract.contract import Mention
from incidents.extract.face import face_context
from incidents.extract.scoring import score_mentions
from incidents.extract.spans import mention, normalized, sentence_at, text_of
from incidents.reference import Group, load

AFFECTED = "affected"
REACH = 80  # characters beside a group in which a word for harm is about it
NEAR_IN_SUBJECT = 6  # sentences to the next word on face recognition, in an article about it
_HARM = re.compile(
    r"\b(?:misidentif\w*|bias\w*|discriminat\w*|inaccura\w*|less accurate|errors?|false (?:positive|match)\w*|falsely"
    r"|wrong(?:ly|ful\w*)?|target(?:s|ed|ing)?|track(?:s|ed|ing)?|surveil\w*|monitor(?:s|ed|ing)?|persecut\w*"
    r"|oppress\w*|harm(?:s|ed|ful)?|disproportionate\w*|struggles?|worse|fails?|failed"
    r"|accus(?:e|es|ed|ing)|arrest(?:s|ed)?"
    r"|banned|barred|flagged|(?<!accurately )(?<!correctly )identif(?:y|ied|ies|ying)"
    r"|(?:not|never|n't) (?:been )?(?:asked|told|informed|notified)|scan(?:s|ned)|locked out|turned away"
    r"|without (?:\w+ ){0,2}(?:knowledge|consent|permission)"
    r"|(?:asked|requir\w+|forc\w+|made) \w+ to (?:verify|upload|scan)"
    r"|datos biométricos|sin (?:su )?consentimiento"
    r"|données biométriques|sans (?:leur )?consentement|à (?:leur|l') ?insu"
    r"|sesg\w*|vigila\w*|erron\w*|biais)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:misidentif|inaccura|bias|discriminat|errors?\b|false|wrong|innocent|mistak|erron)", re.IGNORECASE
)
_SUPPOSED = re.compile(
    r"\b(?:could|may|might|would|if|risks?|fear(?:s|ed)?|concern(?:s|ed)?|worr(?:y|ies|ied)|potential\w*|possib\w*|can"
    r"|podría\w*|riesgo|pourrai\w*|risque\w*)\b",
    re.IGNORECASE,
)  # harm that has not been done to anybody
_FAVOURED = re.compile(r"\bbiased (?:towards?|in favou?r of)\W+$", re.IGNORECASE)
_SOUGHT = ("group-suspects", "group-victims", "group-patients")  # whom a system is to find; only an error harms them
_OFFICERS = ("group-police-officers", "group-soldiers")  # in such stories they act, unless it is done to them
_SUFFERS = frozenset(
    ("be", "face", "suffer", "experience", "get", "become", "struggle", "fear", "lose", "feel", "remain")
)
_COMPARED_WITH = frozenset(("than", "compared", "versus", "vs", "unlike", "not", "non"))
_CONTRAST = re.compile(r"\b(?:but|while|whereas|than|although|though)\b|;", re.IGNORECASE)  # what follows is of others
_TAKEN_FOR = ("as", "like", "likely")  # "misidentified as criminals"
_WORDS_FOR_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_OF = {word: number for number, word in enumerate(_WORDS_FOR_NUMBERS, start=1)}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_YEARS = range(1900, 2101)


@Language.factory("incidents_groups")
class Groups:
    """Appends `group` mentions: where a group is first named, where harm is told of it, and where it is counted."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.groups: dict[str, Group] = {group.id: group for group in load().groups}
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for group in self.groups.values():
            forms = group.forms.get(nlp.lang or "en", ())
            self.matcher.add(group.id, [nlp.make_doc(normalized(form)) for form in forms])

    def __call__(self, doc: Doc) -> Doc:
        spans = [Span(doc, start, end, label=key) for key, start, end in self.matcher(doc)]
        doc._.mentions.extend(self._mentions(doc, filter_spans(spans)))
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of the groups named, for `nlp.evaluate`."""
        return score_mentions(examples, ["group"])

    def _mentions(self, doc: Doc, spans: list[Span]) -> Iterator[Mention]:
        seen: set[tuple[str, bool, int | None]] = set()
        for span in spans:
            harmed, count = _told_of_harm(span), _count(span)
            if (span.label_, harmed, count) in seen:
                continue
            seen |= {(span.label_, harmed, count), (span.label_, False, None)}
            yield mention(
                doc,
                span.start_char,
                span.end_char,
                "group",
                self.groups[span.label_].label,
                "group told of harm" if harmed else "group named",
                0.8 if harmed else 0.5,
                role=AFFECTED if harmed else None,
                entity_id=span.label_,
                count=count,
            )


def _told_of_harm(span: Span) -> bool:
    """Whether its sentence tells of harm close by, near words on face recognition, and not of others than the group."""
    before = span.doc[max(0, span.start - 3) : span.start]
    context = face_context(span.doc)
    is_near = context.near(span.start_char, NEAR_IN_SUBJECT if context.is_subject else 1)
    if any(token.lower_ in _COMPARED_WITH for token in before) or not is_near:
        return False
    if before and before[-1].lower_ in _TAKEN_FOR:
        return False
    start, end = sentence_at(span.doc, span.start_char)
    first, last = max(start, span.start_char - REACH), min(end, span.end_char + REACH)
    words = _WRONG if span.label_ in _SOUGHT else _HARM
    text = text_of(span.doc)
    if _FAVOURED.search(text[start : span.start_char]):
        return False
    near = (
        not _CONTRAST.search(text, min(harm.end(), span.end_char), max(harm.start(), span.start_char))
        and not _SUPPOSED.search(text, start, harm.start())
        for harm in words.finditer(text, first, last)
    )
    return any(near) and not _does_it(span)


def _does_it(span: Span) -> bool:
    """Whether the group acts: officers who identify somebody, a search by soldiers."""
    root = span.root
    verb = root.head
    if span.label_ in _OFFICERS:
        return not (root.dep_ in ("dobj", "nsubjpass") and _HARM.search(verb.text))
    acts = root.dep_ == "nsubj" and verb.pos_ == "VERB" and verb.lemma_.lower() not in _SUFFERS
    return acts or (root.dep_ == "pobj" and verb.dep_ == "agent")


def _count(span: Span) -> int | None:
    """The number before a group: "28 members of Congress", "eight young Black men"; a year is no count."""
    for token in reversed(span.doc[max(0, span.start - 2) : span.start]):
        if token.lower_ in _NUMBER_OF:
            return _NUMBER_OF[token.lower_]
        if _DIGITS.fullmatch(token.text):
            value = int(token.text.replace(",", ""))
            return None if value in _YEARS else value
        if token.pos_ != "ADJ":
            return None
    return None
