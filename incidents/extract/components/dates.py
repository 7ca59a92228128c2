"""Dates, amounts of money and docket numbers, by the rules of `incidents.extract.dates`."""

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.contract import Document, Mention
from incidents.extract.dates.amounts import amount_kind, find_amounts, find_dockets
from incidents.extract.dates.timex import Published, find_dates
from incidents.extract.scoring import score_mentions
from incidents.extract.spans import document_of, mention, sentence_at, text_of

_SCORES = {"stated": 0.95, "relative": 0.85}
_UNRESOLVED = 0.4

KINDS = ("date", "amount", "docket")
REACH = 1000  # characters of a sentence on each side that say what an amount is; real sentences are shorter


@Language.factory("incidents_dates")
class Dates:
    """Appends `date`, `amount` and `docket` mentions."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        doc._.mentions.extend(_dates(doc, document))
        doc._.mentions.extend(_amounts(doc))
        for start, end, number in find_dockets(text_of(doc)):
            doc._.mentions.append(mention(doc, start, end, "docket", number, "docket.number", 0.9))
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of each kind it finds, for `nlp.evaluate`."""
        return score_mentions(examples, KINDS)


def _dates(doc: Doc, document: Document) -> Iterator[Mention]:
    precision = document.published_precision
    published = Published(
        document.published_on, "day" if precision == "unknown" and document.published_on else precision
    )
    for found in find_dates(text_of(doc), document.language, published):
        yield mention(
            doc,
            found.start,
            found.end,
            "date",
            found.value or document.text[found.start : found.end],
            rule=found.rule,
            score=_SCORES[found.basis] if found.value else _UNRESOLVED,
            value=found.value,
            precision=found.precision,
            basis=found.basis,
        )


def _amounts(doc: Doc) -> Iterator[Mention]:
    for amount in find_amounts(text_of(doc)):
        first, last = sentence_at(doc, amount.start)
        first, last = max(first, amount.start - REACH), min(last, amount.end + REACH)
        kind = amount_kind(text_of(doc)[first:last], amount.start - first, amount.end - first)
        yield mention(
            doc,
            amount.start,
            amount.end,
            "amount",
            f"{amount.currency} {amount.value:,.2f}".removesuffix(".00"),
            rule="amount.money",
            score=0.9,
            value=amount.value,
            currency=amount.currency,
            amount_kind=kind,
        )
