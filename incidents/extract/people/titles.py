"""The role that a title, an affiliation or an occupation beside a name gives."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spacy.tokens import Doc, Token

from incidents.extract.people.clusters import Occurrence
from incidents.extract.people.cues import FACE, Article, Cue, affiliation
from incidents.extract.people.missed import PERSON_LABELS
from incidents.extract.people.shapes import begins_word, is_name_token
from incidents.extract.people.words import NO_ROLE, WORDS

REACH_BEFORE = 10  # tokens of a title before a name
REACH_AFTER = 22  # tokens of an apposition after it
MAKER_REACH = 6  # tokens before a name in which "founded by" is looked for
ALONE_REACH = 8  # tokens of an apposition that names a body and no title
DECIDED, BY_BODY, BODY_ALONE, NO_PROFESSION = 3.0, 2.5, 1.5, 1.0
_NO_APPOSITION = ("VERB", "AUX", "CCONJ", "PRON", "SCONJ", "ADV")  # what begins a clause, not a description
_TIMES = ("then", "now", "formerly", "also")
_WITHIN = ("amod", "compound", "nmod")  # a verb form that is part of a noun phrase
_COMPANY, _STATE, _POLICE = "company_representative", "government_official", "police_official"
_SUSPECT = "suspect_correct"
_RANKS = ("chief", "officer", "deputy", "inspector", "captain", "commander")
_OF_A_COMPANY = frozenset(("executive", "technology", "product", "security", "legal", "financial", "operating"))


class Role(NamedTuple):
    """A role, how much it counts and whether the title alone decided it."""

    role: str
    weight: float


def title_cues(article: Article, occurrence: Occurrence) -> Iterator[Cue]:
    """Cues from the words around one occurrence of a name."""
    doc, start, end = article.doc, occurrence.start, occurrence.end
    found: tuple[tuple[str, Role | None], ...] = (
        ("title before name", _role_before(article, words_before(doc, start), adjacent=True)),
        ("apposition before name", _role_before(article, _before_comma(doc, start, end))),
        ("apposition", _role_after(article, words_after(doc, end))),
        ("party and state", Role(_STATE, DECIDED) if _party_follows(doc, end) else None),
        ("head of state", Role(_STATE, DECIDED) if doc[end - 1].text in WORDS.leaders else None),
        ("doctor", Role("researcher", NO_PROFESSION) if start and doc[start - 1].lower_ in ("dr", "dr.") else None),
        ("body's person", _role_of_possessor(article, start)),
        ("person's company", _role_of_possession(article, end)),
        ("of a body", _role_of_body_after(article, end)),
        ("is a", _role_stated(article, occurrence)),
        ("made by", _role_of_maker(article, start)),
        ("own work", _role_of_own_work(doc, end)),
        ("did", _role_of_deed(article, occurrence)),
    )
    for rule, role in found:
        if role is not None:
            needs = (FACE,) if role.role == _SUSPECT else ()  # a killer in another story is nobody here
            yield Cue(role.role, role.weight, rule, occurrence, needs)


# phrases beside a name


def words_before(doc: Doc, start: int) -> list[Token]:
    """The noun phrase that leads up to a name: "former Initech policy director", "general manager of search"."""
    found: list[Token] = []
    i = start - 1
    while i >= 0 and len(found) < REACH_BEFORE and not doc[i + 1].is_sent_start:
        if doc[i].text == ")":
            i = _opening_bracket(doc, i) - 1
            continue
        if _ends_phrase(doc, i):
            break
        found.append(doc[i])
        i -= 1
    return found[::-1]


def words_after(doc: Doc, end: int) -> list[Token]:
    """The apposition after a name and its comma, dash or bracket, to the end of the clause."""
    if end + 1 >= len(doc) or doc[end].text not in (",", "(", "-", "—"):
        return []
    if doc[end].text == "-" and not (begins_word(doc[end]) and doc[end].whitespace_):
        return []
    found: list[Token] = []
    for token in doc[end + 1 : end + 1 + REACH_AFTER]:
        if token.is_sent_start or token.text in (".", ";", '"', ")", "—") or (token.text == "," and found):
            break
        found.append(token)
    return found


def _opening_bracket(doc: Doc, closing: int) -> int:
    return next((i for i in range(closing - 1, max(-1, closing - 7), -1) if doc[i].text == "("), 0)


def _ends_phrase(doc: Doc, i: int) -> bool:
    """Whether a token before a name is no part of the noun phrase that leads up to it."""
    token, word = doc[i], doc[i].lower_
    if word in ("like", "as", "including"):
        return False
    if token.is_punct or token.text in "|$":
        return token.text not in ("-", "'", "/", "&")
    if token.pos_ in ("ADP", "CCONJ") or word in ("of", "for", "at", "and", "de", "del", "du"):
        return i == 0 or not _is_occupation_or_kin(doc[i - 1])
    if token.pos_ in ("VERB", "AUX"):
        return token.dep_ not in _WITHIN and _occupation(word) is None
    return token.pos_ in ("SCONJ", "INTJ") or (token.pos_ == "PRON" and token.tag_ not in ("PRP$", "WP$"))


def _before_comma(doc: Doc, start: int, end: int) -> list[Token]:
    """Her lawyer, NAME / the institute's director of studies, NAME: the phrase before a comma, with an occupation."""
    if start < 2 or doc[start - 1].text != ",":
        return []
    phrase = words_before(doc, start - 1)
    if _is_occupation_or_kin(doc[start - 2]):
        return phrase
    apposed = end < len(doc) and doc[end].text == "," and not any(t.ent_type_ in PERSON_LABELS for t in phrase)
    return phrase if apposed and any(_is_occupation_or_kin(token) for token in phrase) else []


def _is_occupation_or_kin(token: Token) -> bool:
    return _occupation(token.lower_) is not None or token.lower_ in WORDS.kin


def _occupation(word: str) -> str | None:
    """The singular form as the vocabulary has it, if a word is a title or an occupation."""
    singular = word[:-2] + "an" if word.endswith(("women", "smen")) else word
    for form in (singular, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("s.") + "."):
        if WORDS.is_title(form) or form.endswith("ologist"):
            return form
    return None


# the role that a phrase gives


def _role_before(article: Article, tokens: Sequence[Token], adjacent: bool = False) -> Role | None:
    """The role of the occupations in a phrase before a name, the nearest first."""
    return _best_title(article, tokens, range(len(tokens) - 1, -1, -1), adjacent)


def _role_after(article: Article, tokens: Sequence[Token]) -> Role | None:
    """The role of an apposition: what "who" does, its first occupation, or the body that is all it names."""
    if not tokens:
        return None
    if tokens[0].lower_ in ("who", "whose"):
        done = [WORDS.activities[t.lemma_] for t in tokens[1:7] if t.lemma_ in WORDS.activities]
        if done:
            return Role(done[0], BY_BODY)
    elif tokens[0].pos_ in _NO_APPOSITION and tokens[0].lower_ not in _TIMES:
        return None
    phrase = _without_clause(tokens)
    found = _best_title(article, phrase, range(len(phrase)))
    if found is None and len(phrase) == len(tokens) <= ALONE_REACH and is_name_token(tokens[0]):
        return _weighed(affiliation(article, tokens), BODY_ALONE)
    return found


def _without_clause(tokens: Sequence[Token]) -> list[Token]:
    """A noun phrase up to its first clause: "a researcher at Initech who ..." """
    found: list[Token] = []
    for token in tokens:
        clause = token.pos_ in ("VERB", "AUX") and token.dep_ not in _WITHIN
        relative = token.lower_ in ("who", "whose", "which", "that")
        if found and (clause or relative) and _occupation(token.lower_) is None:
            break
        found.append(token)
    return found


def _best_title(
    article: Article, tokens: Sequence[Token], places: Iterable[int], adjacent: bool = False
) -> Role | None:
    """The first title that decides alone, else the first that its body decides, else an occupation without a role."""
    undecided: Role | None = None
    for i in places:
        found = _role_of_title(article, tokens, i, adjacent)
        if found is None:
            continue
        if found.weight == DECIDED and found.role != "other":
            return found
        if undecided is None or undecided.role == "other":
            undecided = found if found.role != "other" else Role("other", NO_PROFESSION)
    return undecided


def _role_of_title(article: Article, tokens: Sequence[Token], i: int, adjacent: bool) -> Role | None:
    """The role of the occupation at one place of a phrase. `adjacent`: the phrase stands right before the name."""
    near = [token.lower_ for token in tokens[max(0, i - 2) : i + 2] if token.text != "'s"]  # state's attorney
    pairs = [f"{one} {other}" for one, other in pairwise(near) if tokens[i].lower_ in (one, other)]
    compound = next((WORDS.two_words[pair] for pair in pairs if pair in WORDS.two_words), None)
    if compound is not None:
        return None if compound == NO_ROLE else Role(compound, DECIDED)
    title = _occupation(tokens[i].lower_)
    if title is None:
        return None
    with_capital = adjacent and i == len(tokens) - 1 and tokens[i].text[0].isupper()
    alone = _decides_alone(title, tokens, i, with_capital)
    if alone is not None:
        return Role(alone, DECIDED)
    before, after = tokens[:i][::-1], tokens[i + 1 :]
    body = affiliation(article, [*before, *after] if adjacent else [*after, *before])
    if body is None and title in WORDS.state_titles and any(t.ent_type_ in ("GPE", "NORP") for t in tokens):
        body = _STATE
    return Role(body or WORDS.titles_by_body.get(title, "other"), BY_BODY)


def _decides_alone(title: str, tokens: Sequence[Token], i: int, with_capital: bool) -> str | None:
    """The role of a title that needs no body; `with_capital`: it has one and stands right before the name."""
    phrase = {token.lower_ for token in tokens}
    if title.endswith("ologist") or (title == "author" and phrase & WORDS.works.keys()):
        return "researcher"
    if title in WORDS.police_titles and any(WORDS.bodies.get(word) == _POLICE for word in phrase):
        return _POLICE
    if with_capital and title in _RANKS and not phrase & _OF_A_COMPANY:
        return _POLICE
    if with_capital and title == "president" and not (i and tokens[i - 1].ent_type_ == "ORG"):
        return _STATE
    if title in WORDS.titles and (with_capital or title not in WORDS.capital_titles):
        return WORDS.titles[title]
    return None


def _weighed(role: str | None, weight: float) -> Role | None:
    return Role(role, weight) if role else None


# other signs


def _party_follows(doc: Doc, end: int) -> bool:
    """NAME (D-CA), NAME (R - Ohio)"""
    text = "".join(token.text for token in doc[end : end + 3])
    return len(text) > 2 and text[0] == "(" and text[1] in "DRI" and text[2] in "-—"


def _role_of_possessor(article: Article, start: int) -> Role | None:
    """Google's NAME, the Times' NAME"""
    doc = article.doc
    if start < 2 or doc[start - 1].text not in ("'s", "'") or article.person_at.get(start - 2):
        return None
    body = [token for token in doc[max(0, start - 4) : start - 1] if is_name_token(token)]
    return _weighed(affiliation(article, body[::-1]), BODY_ALONE)


def _role_of_possession(article: Article, end: int) -> Role | None:
    """NAME's Initech"""
    doc = article.doc
    if end + 1 >= len(doc) or doc[end].text not in ("'s", "'") or not is_name_token(doc[end + 1]):
        return None
    is_company = article.body_at.get(end + 1) == _COMPANY or doc[end + 1].ent_type_ == "ORG"
    return Role(_COMPANY, BODY_ALONE) if is_company else None


def _role_of_body_after(article: Article, end: int) -> Role | None:
    """NAME of the ACLU; of a company says little: bands and teams are companies to the model."""
    doc = article.doc
    if end >= len(doc) or doc[end].lower_ not in ("of", "from", "at", "with"):
        return None
    following = doc[end + 1 : end + 8]
    body = affiliation(article, list(following)) if any(is_name_token(t) for t in following[:3]) else None
    return _weighed(None if body == _COMPANY else body, BODY_ALONE)


def _role_stated(article: Article, occurrence: Occurrence) -> Role | None:
    """NAME is a professor at ..."""
    if not article.parsed:
        return None
    doc = article.doc
    root = doc[occurrence.start : occurrence.end].root
    if root.dep_ != "nsubj" or root.head.lemma_ != "be":
        return None
    said = next((token for token in root.head.rights if token.dep_ == "attr"), None)
    return _role_after(article, list(doc[said.left_edge.i : said.right_edge.i + 1])[:REACH_AFTER]) if said else None


def _role_of_maker(article: Article, start: int) -> Role | None:
    """founded by NAME, edited by NAME, a study by NAME"""
    before = list(article.doc[max(0, start - MAKER_REACH) : start])
    said = [token.lower_ for token in before]
    if "by" not in said or any(t.i in article.person_at for t in before[said.index("by") :]):
        return None
    works = next((WORDS.works[word] for word in said if word in WORDS.works), None)
    if WORDS.founded.intersection(said):
        return Role(works or affiliation(article, before) or _COMPANY, BY_BODY)
    if WORDS.reported.intersection(said):
        return Role("journalist", BY_BODY)
    return _weighed(works if WORDS.works.keys() & said[-3:] else None, BODY_ALONE)


def _role_of_own_work(doc: Doc, end: int) -> Role | None:
    """NAME's research, NAME's bill"""
    if end + 1 >= len(doc) or doc[end].text not in ("'s", "'"):
        return None
    works = (WORDS.works[token.lower_] for token in doc[end + 1 : end + 4] if token.lower_ in WORDS.works)
    return _weighed(next(works, None), BODY_ALONE)


def _role_of_deed(article: Article, occurrence: Occurrence) -> Role | None:
    """NAME coauthored a study, NAME sponsored the bill"""
    if not article.parsed:
        return None
    root = article.doc[occurrence.start : occurrence.end].root
    done = WORDS.deeds.get(root.head.lemma_.lower()) if root.dep_ == "nsubj" else None
    return _weighed(done, BODY_ALONE)
