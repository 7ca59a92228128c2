"""Whether an article ties a company to face recognition that it makes or sells.

A company that also does other things (Amazon, Apple, Axis) is a vendor in an article only where its words say so:
its own product is named, it stands as maker or seller beside face recognition, or it is the subject of making, selling
or withdrawing it. Being scraped, quoted or consulted is no tie, nor is a company that says it does not sell.
"""

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from incidents.extract.face import FaceContext
from incidents.extract.patterns import one_of
from incidents.extract.spans import sentence_index, sentences, text_of

ENOUGH = 0.7  # by its grammar
WEAK = 0.3  # in one sentence
_CERTAIN, _LIKELY = 1.0, 0.8
_SPAN = 300  # characters: what stands further apart in one sentence is not tied
_NEAR = 60

_NAME = r"[A-Z][\w.+&'-]*(?: [A-Z][\w.+&'-]*)?"
_AND = r"(?:,? (?:and|or|as well as|y|et) |, ?|/| & )"
_LIST_BEFORE = re.compile(
    rf"(?:{_NAME}{_AND}(?:the )?(?:(?:Chinese|Russian|Israeli|tech) )?(?:company |giant |startup )?)+$"
)
_CONTRAST = re.compile(r"\b(?:[Bb]etween|[Uu]nlike) (?:the )?$")
_LIST_AFTER = re.compile(rf"^(?:'s?)?(?:{_AND}(?:[a-z]+ ){{0,3}}{_NAME}(?:'s?)?)+")

# "Amazon's [new real-time] facial recognition": words that end the noun phrase may not stand between.
_NOT_IN_PHRASE = one_of(
    "to", "that", "which", "who", "is", "was", "were", "are", "has", "have", "had", "said", "says", "say", "in",
    "of", "for",
    "on", "and", "or", "but", "with", "as", "about", "its?", "from", "by", "sent", "disabled", "like", "de", "del",
)  # fmt: skip
_OWN = re.compile(rf"^(?:'s?)? ?(?:(?!{_NOT_IN_PHRASE}\b)[\w+.-]+ ){{0,4}}$")

# "Amazon has stopped selling [up to eight words] facial recognition".
_MAKE = one_of(
    r"s[eo]l[ld]", r"sales?\b", "market", "offer", "provid", "suppl", "develop", "buil[dt]", r"mak(?:es?|ing)\b",
    "launch",
    r"made (?!it\b)", "unveil", "introduc", "releas", "licen[sc]", "pitch", "halt", "paus", "suspend", "suspension",
    "stop", "integrat", r"add(?:s|ed|ing)?\b", r"roll(?:s|ed|ing)? out\b", "debut", "settl", r"sued (?:over|for)\b",
    "g[eo]t(?:s|ting)? out of", "leaving", "end(?:ed|ing)? ",
    "discontinu", "abandon", "extend", "refus", "scrapped", "shut", "pull", "exit", "withdr",
    "worked on",
    "working on", "self-imposed", "vend", "fabric", "desarroll", "ofrec", "comercializ", "développ", "propos", "fourni",
)  # fmt: skip
_MAKES = re.compile(rf"^[^.;]{{0,70}}\b{_MAKE}\w*(?:[ ,'\"]+[\w-]+){{0,8}}[ '\"]*$", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:said|says|told|wrote|writes|tweeted|according to|argu\w+|warn\w+)\b")
_ITS_OWN = re.compile(r"\b(?:its|it|the company|they|their|we|our)\b")
_DENIES = re.compile(
    r"\b(?:not (?:be )?(?:sell|offer|provid|mak)\w*|no plans?|never|won't|wouldn't|doesn't|does not|will not|would not|"
    r"declined?|stepped back|steered clear|unlike)\b",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\b(?:no longer|any ?more|stop|end|halt|paus|suspend)", re.IGNORECASE)

# "facial recognition systems sold by Amazon", "facial recognition vendors such as Amazon".
_MADE = one_of(
    "made", "sold", "built", "developed", "offered", "provided", "supplied", "created", "designed", "owned", "operated",
    "powered", "licensed", "marketed", "purchased", "bought", "fabricado", "desarrollado", "vendido", "développée?",
    "conçue?", "fournie?",
)  # fmt: skip
_MADE_BY = re.compile(
    rf"(?:\b{_MADE}s? (?:by|from|por|par)|\b(?:from|by|of|like|such as|including|include|using|de|con|avec)) "
    r"(?:the )?(?:(?!how|that|what|why)[\w-]+ ){0,3}$"
)
_SELLS = re.compile(rf"{_MADE}|compan|vendor")
_NOUNS = one_of(
    "technolog(?:y|ies)", "tech", "software", "systems?", "tools?", "services?", "products?", "programs?",
    "programmes?",
    "algorithms?", "platforms?", "apps?", "APIs?", "capabilit(?:y|ies)", "features?", "compan(?:y|ies)", "vendors?",
    "providers?", "makers?", "firms?", "startups?", "giants?", "developers?", "suppliers?", "solutions?", "offerings?",
    "datasets?", "cameras?", "audits?", "commercial(?:ly)?", "available", "leading", "major", "search", "engines?",
    "models?",
    "from", "by", "of", _MADE, "including", "include", "those", "such", "as", "like", "the", "big", "large", "several",
    "two", "three", "four", "five", "other", "using", "called", "known", "and", "sistemas?", "empresas?", "programas?",
    "tecnologías?", "logiciels?", "entreprises?", "de", "la", "del", "par", "por",
)  # fmt: skip
_NOUNS_ONLY = re.compile(rf"^s?(?:[ ,-]|\b{_NOUNS}\b)*$", re.IGNORECASE)
_RELATIVE = re.compile(
    r"^ (?:has |had |have )?(?:sold|sells?|selling|offers?|makes?|builds?|built|develop(?:s|ed)?|provides?)\b"
)
_SELLER = one_of(
    "compan(?:y|ies)", "firms?", "start-?ups?", "vendors?", "makers?", "giants?", "providers?", "developers?",
    "suppliers?", "sellers?", "empresas?", "entreprises?",
)  # fmt: skip
_A_SELLER_OF = re.compile(rf"^ ?, (?:an?|the|one of|una|une) [^.;]{{0,60}}\b{_SELLER}\b[^.;]{{0,70}}$")
_SELLER_OF = re.compile(rf"\b{_SELLER} (?:of|de) (?:\w+ ){{0,2}}$")
_COMMA_AFTER = re.compile(r"^(?: [\w-]+){0,5}, $")
# "Google's Nest Hub Max, a display with facial recognition"; "... to unlock phones like Apple's iPhone X".
_DEVICE_WITH = re.compile(
    r"^'s (?:(?:new|latest|own) )?[A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,3}(?:, an? [a-z -]{3,40})?"
    r" (?:with|featuring)(?: [\w-]+){0,3} $"
)
_UNLOCKED = re.compile(
    r"\bunlock\w* (?:\w+ )?(?:(?:smart)?phones?|laptops?|tablets?|computers?|devices?)"
    r"(?: like| such as|, including) (?:the )?(?:[A-Z][\w' ]{2,30})?$"
)
_OTHER_PART = re.compile(  # scraped, investing, employing: a company's part that is not making or selling
    r"\b(?:scrap\w*|photos?|images?|pictures?|profiles?|accounts?|posts?|posted|upload\w*|sites?|websites?|videos?|"
    r"employees?|researchers?|shareholders?|investors?|former|backing|respon[sd]\w*)\b",
    re.IGNORECASE,
)


# "IBM and Microsoft took similar steps", in the sentences after the one that says which.
_FOLLOWS = re.compile(
    r"^(?:'s?)?,? (?:(?:has|have|had|also|then|soon|later|too|both) ){0,2}(?:followed(?! suit with| with)|"
    r"did the same|made the same|"
    r"(?:[a-z]+ )?(?:took|taken|take|applied|adopted|announced|made|introduced) (?:\w+ )?"
    r"(?:similar|the same|comparable|like) "
    r"(?:measure|step|move|decision|pause|pledge|commitment|ban|action|moratori)\w*)\b"
)
_FOLLOWS_WITHIN = 4  # sentences


@dataclass(frozen=True)
class Tie:
    """How strongly one mention is tied, from 0 to 1, and by what."""

    weight: float
    rule: str


def tie(doc: Doc, face: FaceContext, start: int, end: int, makers: Sequence[int] = ()) -> Tie:
    """The tie of the company at text[start:end] to face recognition, from its sentence.

    `makers` are where companies known for face recognition alone are named, in order: a list of names that holds one is
    a list of such.
    """
    index = sentence_index(doc, start)
    spans = [span for span in face.within(index) if -_SPAN < span[0] - start < _SPAN]
    first, last = sentences(doc)[index]
    first, last = max(first, start - _SPAN), min(last, end + _SPAN)
    text = text_of(doc)
    if not _CONTRAST.search(text[first:start]):
        start, end = _widened(text, first, last, start, end)
        with_maker = bisect.bisect_left(makers, start) < bisect.bisect_left(makers, end)
        listed = with_maker and not _CONTRAST.search(text[first:start])
        if listed and any(face.within(near) for near in range(index - 2, index + 2)):
            return Tie(_LIKELY, "listed")
    if not spans:
        follows = face.near(start, _FOLLOWS_WITHIN) and _FOLLOWS.match(text[end:last])
        return Tie(_LIKELY, "follows") if follows else Tie(0.0, "none")
    ties = [_tie_to(text, start, end, span, first, last) for span in spans]
    return max(ties, key=lambda found: found.weight)


def _widened(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """The span of the whole list of names that a name stands in: "Amazon, Microsoft and IBM"."""
    before = _LIST_BEFORE.search(text[first:start])
    after = _LIST_AFTER.search(text[end:last])
    return (first + before.start() if before else start), (end + after.end() if after else end)


def _tie_to(text: str, start: int, end: int, span: tuple[int, int], first: int, last: int) -> Tie:
    face_start, face_end = span
    if face_start >= end:
        return _face_after(text[end:face_start], text[first:start])
    if face_end <= start:
        return _face_before(text[first:face_start], text[face_end:start], text[end:last])
    return Tie(_CERTAIN, "own")


def _face_after(between: str, before: str) -> Tie:
    """ "NEC's facial recognition", "NEC, a maker of facial recognition", "NEC sells ... facial recognition"."""
    if _OWN.match(between):
        return Tie(_CERTAIN, "own")
    if _DEVICE_WITH.match(between):
        return Tie(_LIKELY, "device")
    if _A_SELLER_OF.match(between):
        return Tie(_LIKELY, "described")
    denies = _DENIES.search(between) or re.search(r"(?i)unlike (?:the )?$", before)
    if denies and not _NO_LONGER.search(between):
        return Tie(0.0, "denied")
    spoken = _SPEECH.search(between)
    if _MAKES.match(between) and not (spoken and not _ITS_OWN.search(between[spoken.end() :])):
        return Tie(_CERTAIN if len(between) <= _NEAR else _LIKELY, "makes")
    return Tie(0.0 if _OTHER_PART.search(between[:25]) else WEAK, "near")


def _face_before(before: str, between: str, after: str) -> Tie:
    """ "A provider of face recognition, NEC", "face recognition software from NEC", "... systems that NEC sells"."""
    if _SELLER_OF.search(before) and _COMMA_AFTER.match(between):
        return Tie(_LIKELY, "described")
    made_by = _MADE_BY.search(between)
    if _NOUNS_ONLY.match(between) and (made_by or _RELATIVE.match(after)):
        return Tie(_CERTAIN, "from")
    if _UNLOCKED.search(between):
        return Tie(_LIKELY, "device")
    if _OTHER_PART.search(between):
        return Tie(0.0, "other_part")
    if made_by and (len(between) < _NEAR or _SELLS.search(made_by.group())):
        return Tie(_LIKELY, "from")
    return Tie(WEAK, "near")
