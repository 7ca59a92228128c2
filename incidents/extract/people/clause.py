"""What the rules for harm share: how much a cue counts, and what the clause around a word says."""

from typing import NamedTuple

from spacy.tokens import Span, Token

AFTER = 18  # tokens after a name in which a word for harm is looked for
CLAUSE, SENTENCE = 25, 60  # tokens around one that are taken for its clause and its sentence


class Harm(NamedTuple):
    """How much a cue counts and its name.

    `needs_error`: it counts only where the text also speaks of an error, for an arrest alone is no wrong.
    `accuses`: the person was arrested, charged or taken for a suspect.
    """

    weight: float
    rule: str
    needs_error: bool = True
    accuses: bool = False


def around(token: Token, reach: int) -> Span:
    """The part of a token's sentence within `reach` tokens of it: a sentence can be as long as the article."""
    doc, start, end = token.doc, token.i, token.i + 1
    while start > max(0, token.i - reach) and not doc[start].is_sent_start:
        start -= 1
    while end < min(len(doc), token.i + reach + 1) and not doc[end].is_sent_start:
        end += 1
    return doc[start:end]


def negated(verb: Token) -> bool:
    """Whether a verb is denied: "was not arrested"."""
    return any(child.dep_ == "neg" for child in verb.children)


def says(verb: Token, vocabulary: frozenset[str]) -> bool:
    """Whether what hangs on a verb has one of these words."""
    return any(token.lower_ in vocabulary for token in around(verb, 12) if verb.is_ancestor(token))
