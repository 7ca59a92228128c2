"""Who went to law in their own name over what was done to them, or was paid for it."""

from collections.abc import Iterator

from spacy.tokens import Token

from incidents.extract.people.clause import AFTER, CLAUSE, SENTENCE, Harm, around, negated, says
from incidents.extract.people.words import WORDS

SUED, WENT_TO_COURT = "sued", "went to court"  # rules that the name policy asks for
SUITS = (SUED, WENT_TO_COURT)


def at_law(token: Token) -> Iterator[Harm]:
    """What the sentence says of the person at law: suing, filing, being a claimant, being paid."""
    yield from _goes_to_law(token)
    yield from _brought_by(token)
    yield from _paid_to(token)


def own_case(root: Token) -> Iterator[Harm]:
    """X's lawsuit; violated X's right to privacy"""
    if root.dep_ != "poss":
        return
    if root.head.lemma_.lower() in WORDS.suits and (root.head.lower_ != "suit" or _is_of_law(root.head)):
        yield Harm(2.0, SUED, needs_error=False)
    yield from _own_right(root)


def _is_of_law(suit: Token) -> bool:
    """Whether a suit is no piece of clothing."""
    return any(token.lower_ in WORDS.before_a_court for token in around(suit, SENTENCE))


def _goes_to_law(token: Token) -> Iterator[Harm]:
    """X sued, X filed a complaint, X is asking for damages, X says in a lawsuit"""
    verb = token.head
    lemma = verb.lemma_.lower()
    if token.dep_ != "nsubj" or negated(verb):
        return
    files = lemma in WORDS.goes_to_law and (says(verb, WORDS.claims) or _of_a_suit(verb))
    if lemma == "sue":
        yield Harm(2.0, SUED)
    elif files or (lemma in ("ask", "seek") and says(verb, WORDS.remedies)):
        yield Harm(2.0, WENT_TO_COURT, needs_error=False)
    elif lemma in WORDS.speech and _in_a_suit(verb):
        yield Harm(2.0, SUED, needs_error=False)


def _of_a_suit(verb: Token) -> bool:
    """the lawsuit that X filed"""
    return verb.dep_ == "relcl" and verb.head.lower_ in WORDS.claims


def _in_a_suit(verb: Token) -> bool:
    """X says in a lawsuit that ..."""
    places = (t for child in verb.children if child.dep_ == "prep" and child.lower_ == "in" for t in child.children)
    return any(t.dep_ == "pobj" and t.lemma_.lower() in ("lawsuit", "suit", "complaint", "claim") for t in places)


def _brought_by(token: Token) -> Iterator[Harm]:
    """a lawsuit filed by X, the claim was brought by X, the claimants are X and Y, X, the lead plaintiff"""
    verb = token.head.head
    filed = token.dep_ == "pobj" and token.head.lower_ == "by" and verb.lemma_.lower() in WORDS.goes_to_law
    if filed and any(t.lower_ in WORDS.claims for t in around(verb, AFTER)):
        yield Harm(2.0, WENT_TO_COURT, needs_error=False)
    subject = next((t for t in token.head.lefts if t.dep_ == "nsubj"), None) if token.dep_ == "attr" else None
    beside = [token.head] if token.dep_ in ("appos", "compound") else [t for t in token.children if t.dep_ == "appos"]
    if any(t is not None and t.lemma_.lower() in WORDS.parties for t in (subject, *beside)):
        yield Harm(2.0, WENT_TO_COURT, needs_error=False)


def _paid_to(token: Token) -> Iterator[Harm]:
    """will pay $9,000 to X in a settlement, awarded X damages, settled with X"""
    verb, word = (token.head.head, token.head.lower_) if token.dep_ == "pobj" else (token.head, "")
    given = word == "to" or token.dep_ == "dative" or (token.dep_ == "dobj" and not word)
    paid = given and verb.lemma_.lower() in ("pay", "award")
    settled = word == "with" and verb.lemma_.lower() == "settle"
    if settled or (paid and any(t.lower_ in WORDS.claims for t in around(verb, CLAUSE))):
        yield Harm(2.0, WENT_TO_COURT, needs_error=False)


def _own_right(root: Token) -> Iterator[Harm]:
    """violated his right to privacy"""
    verb = root.head.head
    violated = verb.lemma_.lower() in ("violate", "breach", "infringe") and not negated(verb)
    if violated and root.head.lemma_.lower() in ("right", "privacy") and root.head.dep_ in ("dobj", "nsubjpass"):
        yield Harm(2.5, "whose rights", needs_error=False)
