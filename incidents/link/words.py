"""The words by which articles are compared: without stop words, without endings."""

import re
from functools import cache

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TOPIC = re.compile(r"\bfac(?:e|ial)\b|biometr|rekognition|clearview|surveillance|recogni[sz]|faciale?\b|rostro", re.I)
BEFORE_TOPIC = 120


def words(text: str) -> list[str]:
    """The stems of a text's words, in order, stop words left out."""
    found = (match.group().lower() for match in _WORD.finditer(text))
    return [stem(word) for word in found if len(word) > 1 and word not in ENGLISH_STOP_WORDS]


@cache
def stem(word: str) -> str:
    """The word without a genitive, plural, -ed or -ing: enough to make deploys, deployed and deploying one."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def topic_start(text: str) -> int:
    """Where the passage begins that opens our topic: a page's menu often stands before the article."""
    topic = _TOPIC.search(text)
    return max(0, topic.start() - BEFORE_TOPIC) if topic else 0
