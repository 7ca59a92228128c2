"""What shows that face recognition affected a person: arrested, misidentified, locked out, suing over it."""

from collections.abc import Iterator

from spacy.tokens import Token

from incidents.extract.people.clause import AFTER, CLAUSE, SENTENCE, Harm, around, negated, says
from incidents.extract.people.clusters import Occurrence
from incidents.extract.people.cues import ERROR, FACE, GUILT, WRONG, Article, Cue
from incidents.extract.people.law import SUITS, at_law, own_case
from incidents.extract.people.words import WORDS

AFFECTED, SUSPECT, PLAINTIFF = "affected", "suspect_correct", "plaintiff_other"
BEFORE = 6  # tokens before a name in which a word for harm is looked for, where we read no syntax
PRONOUN_SHARE = 0.7  # a cue at a pronoun may be somebody else's


def harm_cues(article: Article, occurrence: Occurrence) -> Iterator[Cue]:
    """Cues that the person at an occurrence was harmed or refused, went to law over it, or was rightly accused."""
    if article.doc.lang_ != "en":
        yield from _harm_by_words(article, occurrence)
        return
    if not article.parsed:
        return
    root = article.doc[occurrence.start : occurrence.end].root
    share = PRONOUN_SHARE if occurrence.form == "pronoun" else 1.0
    for harm in harms(root):
        needs = (FACE, ERROR) if harm.needs_error else (FACE,)
        if harm.rule in SUITS:
            yield Cue(PLAINTIFF, harm.weight * share, harm.rule, occurrence, needs)
            needs = (*needs, WRONG)
        yield Cue(AFFECTED, harm.weight * share, harm.rule, occurrence, needs, harm.accuses)
        if harm.accuses:
            yield Cue(SUSPECT, 1.5 * share, harm.rule, occurrence, (FACE, GUILT), accuses=True)
    if _guilty(root):
        yield Cue(SUSPECT, 2.5 * share, "found guilty", occurrence, (FACE,), accuses=True)


def _harm_by_words(article: Article, occurrence: Occurrence) -> Iterator[Cue]:
    """Where we read no syntax: a word for harm in the sentence, with nobody else named in between."""
    doc = article.doc
    for step, reach in ((1, AFTER), (-1, BEFORE)):
        place = occurrence.end if step > 0 else occurrence.start - 1
        for i in range(place, place + step * reach, step):
            if not 0 <= i < len(doc) or doc[i].text in ".!?" or i in article.person_at:
                break
            if doc[i].lower_ in WORDS.harm_forms:
                yield Cue(AFFECTED, 2.0, f"beside {doc[i].lower_}", occurrence, (FACE, ERROR), accuses=True)
                return


def harms(root: Token) -> Iterator[Harm]:
    """What the sentence says was done to, or by, the person that a noun or pronoun stands for."""
    head = _first_of_list(_described_noun(root))
    for said_of_all in (_done_to, _done_by, at_law, _among, _noun_of, _matched, _labelled, _own_account):
        yield from said_of_all(head)
    for said_of_one in (_own, own_case, _described, _age):
        yield from said_of_one(root)


def _described_noun(token: Token) -> Token:
    """In "a man named X was arrested" and "a nurse, X, was arrested" the noun: what is said of it is said of X."""
    if token.dep_ == "appos" and token.head.lemma_.lower() in WORDS.person_nouns:
        return token.head
    namer = token.head if token.dep_ in ("oprd", "attr", "dobj") else token.head.head
    if namer.lower_ in ("named", "called", "identified") and namer.dep_ == "acl":
        return namer.head
    return token


def _first_of_list(token: Token) -> Token:
    """The head of a coordination: what is said of it is said of all."""
    while token.dep_ == "conj" and token.head.pos_ == token.pos_:
        token = token.head
    return token


def _done_to(token: Token) -> Iterator[Harm]:
    """X was arrested, police arrested X"""
    verb = token.head
    if token.dep_ == "nsubjpass":
        passives = (v for v in (verb, *verb.children) if v is verb or v.dep_ == "conj")
        found = [_harm(v, "was " + v.lower_) for v in passives]
    elif token.dep_ in ("dobj", "obj") and verb.pos_ == "VERB":
        found = [_harm(verb, f"{verb.lower_} whom")]
    else:
        return
    yield from [harm for harm in found if harm][:1]


def _harm(verb: Token, rule: str) -> Harm | None:
    """What a verb with a person as its object or passive subject says, if it says harm."""
    lemma = verb.lemma_.lower()
    if negated(verb):
        return Harm(3.0, "not " + verb.lower_, needs_error=False) if lemma in ("allow", "permit", "admit") else None
    accuses = lemma in WORDS.arrest or lemma in WORDS.harm_if_said
    if lemma in WORDS.strong_harm:
        return Harm(3.0, rule, needs_error=False)
    if lemma in WORDS.harm_verbs and _wronged(verb):
        return Harm(3.0, rule, accuses=accuses)
    if lemma in WORDS.refusal and says(verb, WORDS.refused_what):
        return Harm(2.6, rule, needs_error=False)
    if lemma in WORDS.arrest or (lemma in WORDS.harm_if_said and says(verb, WORDS.harmful_what)):
        return Harm(2.0, rule, accuses=True)
    return None


def _wronged(token: Token) -> bool:
    return any(child.lower_ in WORDS.error_words for child in token.children)


def _done_by(token: Token) -> Iterator[Harm]:
    """X spent ten days in jail"""
    verb = token.head
    lemma = verb.lemma_.lower()
    if token.dep_ != "nsubj" or negated(verb):
        return
    if lemma in ("spend", "serve", "be") and _in_custody(verb):
        yield Harm(2.5, "spent time in custody", accuses=True)


def _in_custody(verb: Token) -> bool:
    places = (t for t in around(verb, 10) if t.i > verb.i and t.lower_ in WORDS.custody and t.dep_ == "pobj")
    return any(t.head.lower_ in ("in", "behind") and verb.is_ancestor(t) for t in places)


def _among(token: Token) -> Iterator[Harm]:
    """Among those misidentified was X, X is the first person wrongly accused, X is on the watch list"""
    verb = token.head
    if token.dep_ not in ("attr", "nsubj") or verb.lemma_ not in ("be", "remain"):
        return
    others = [t for t in around(token, CLAUSE) if t.i != token.i and not token.is_ancestor(t) and verb.is_ancestor(t)]
    if any(t.lemma_.lower() in WORDS.strong_harm or t.lemma_.lower() == "victim" for t in others if t.i < token.i):
        yield Harm(3.0, "among those harmed", needs_error=False)
    elif any(_is_wronged(t) for t in others if t.i > token.i):
        yield Harm(3.0, "is one wrongly accused")
    if any(t.lower_ in WORDS.watched or (t.lower_ == "list" and t.nbor(-1).lower_ in WORDS.watching) for t in others):
        yield Harm(2.0, "on a watch list", needs_error=False)


def _is_wronged(verb: Token) -> bool:
    """wrongly arrested"""
    return verb.tag_ == "VBN" and verb.lemma_.lower() in WORDS.harm_verbs and _wronged(verb)


def _noun_of(token: Token) -> Iterator[Harm]:
    """the arrest of X, charges against X, a match to X"""
    noun = token.head.head
    kind = noun.lemma_.lower()
    if token.dep_ != "pobj" or token.head.lower_ not in ("of", "against", "for", "to"):
        return
    if kind in WORDS.harm_nouns or kind in WORDS.case_nouns:
        plain = 2.0 if kind in WORDS.harm_nouns else 1.5
        yield Harm(
            3.0 if _wronged(noun) else plain, f"{noun.lower_} {token.head.lower_} whom", accuses=kind != "lawsuit"
        )


def _own(root: Token) -> Iterator[Harm]:
    """X's arrest, X's account was closed, X's lawyer"""
    if root.dep_ != "poss":
        return
    kind = root.head.lemma_.lower()
    if kind in WORDS.harm_nouns:
        yield Harm(3.0 if _wronged(root.head) else 2.0, f"whose {root.head.lower_}", accuses=True)
    elif kind in WORDS.accounts and root.head.dep_ in ("nsubjpass", "dobj") and not negated(root.head.head):
        if root.head.head.lemma_.lower() in WORDS.refusal | WORDS.closing:
            yield Harm(2.6, f"whose {root.head.lower_} was {root.head.head.lower_}", needs_error=False)
    elif kind in ("lawyer", "attorney", "defender"):
        yield Harm(1.5, "whose lawyer")


def _matched(token: Token) -> Iterator[Harm]:
    """The camera picked him out, the search returned X as a match: a machine is the one that does it."""
    noun = token.head if token.dep_ == "poss" and token.head.lemma_.lower() in WORDS.likeness else token
    verb = noun.head
    if noun.dep_ not in ("dobj", "obj", "nsubjpass") or verb.lemma_.lower() not in WORDS.matching or negated(verb):
        return
    doers = [t for child in verb.children if child.dep_ in ("nsubj", "agent") for t in child.subtree][:CLAUSE]
    if any(t.lemma_.lower() in WORDS.machines for t in doers):
        yield Harm(3.1, f"{verb.lower_} by a machine")


def _labelled(token: Token) -> Iterator[Harm]:
    """an app that labeled a picture of him as an animal"""
    picture = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "of" else None
    if token.dep_ == "poss" and token.head.lemma_.lower() in WORDS.likeness:
        picture = token.head
    noun = picture if picture is not None and picture.lemma_.lower() in WORDS.likeness else token
    verb = noun.head
    if noun.dep_ in ("dobj", "obj", "nsubjpass") and verb.lemma_.lower() in WORDS.labels and says(verb, WORDS.labelled):
        yield Harm(3.0, f"{verb.lower_} as something else", needs_error=False)


def _described(root: Token) -> Iterator[Harm]:
    """X, who was arrested ... / X, wrongly accused of ... / X, the first wrongful arrest / X, a driver in Leeds"""
    for child in root.children:
        harm: Harm | None = None
        if child.dep_ == "relcl" and any(c.dep_ == "nsubjpass" for c in child.children):
            harm = _harm(child, "who was " + child.lower_) or _wronged_in(child)
        elif child.dep_ == "acl" and child.tag_ == "VBN":
            harm = _harm(child, child.lower_)
        elif child.dep_ == "appos" and child.lemma_.lower() in WORDS.harm_nouns and _wronged(child):
            harm = Harm(3.0, f"whose {child.lower_} was an error", accuses=True)
        elif child.dep_ == "appos" and child.lemma_.lower() in WORDS.person_nouns:
            yield from _described(child)
            relative = any(c.dep_ == "poss" for c in child.children)  # "X, her mother"
            harm = None if relative else Harm(0.9, "described as a " + child.lower_)
        if harm:
            yield harm


def _wronged_in(clause: Token) -> Harm | None:
    """X, who may be the first person wrongly arrested"""
    return next(
        (
            Harm(3.0, f"who was {v.lower_}", accuses=True)
            for v in around(clause, CLAUSE)
            if clause.is_ancestor(v) and _is_wronged(v)
        ),
        None,
    )


def _own_account(token: Token) -> Iterator[Harm]:
    """ "I was locked out", said X, a driver: somebody with no office tells of harm in the first person."""
    if token.dep_ != "nsubj" or token.head.lemma_.lower() not in WORDS.speech:
        return
    ordinary = any(c.dep_ == "appos" and c.lemma_.lower() in WORDS.person_nouns for c in token.children)
    sentence = around(token, SENTENCE)
    in_first_person = any(t.lower_ in ("i", "me", "my") for t in sentence)
    if ordinary and in_first_person and any(t.lemma_.lower() in WORDS.harm_verbs for t in sentence):
        yield Harm(2.0, "own account", needs_error=False)


def _age(root: Token) -> Iterator[Harm]:
    """X, 32, was shocked when ..."""
    after = root.doc[root.i + 1 : root.i + 4]
    if len(after) == 3 and after[0].text == after[2].text == "," and after[1].text.isdigit() and len(after[1]) == 2:
        yield Harm(1.0, "age given")


def _guilty(token: Token) -> bool:
    """X pleaded guilty, X was convicted, X confessed"""
    verb = token.head
    lemma = verb.lemma_.lower()
    if token.dep_ == "nsubjpass":
        return lemma in ("convict", "sentence")
    pleads = lemma == "plead" and any(child.lower_ == "guilty" for child in verb.children)
    return token.dep_ == "nsubj" and (pleads or lemma == "confess")
