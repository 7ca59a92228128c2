"""The share of articles that hold each word: `python -m incidents.link.shares TEXTS > incidents/link/shares.csv`.

TEXTS are articles on our topic, as JSON Lines with title and text, or anything else that `incidents read` takes.
"""

import sys
from collections import Counter
from collections.abc import Iterable

from incidents.link import settings
from incidents.link.opening import Opening
from incidents.link.stories import opening_text
from incidents.link.words import topic_start, words

LEAST = 4  # articles


def shares(texts: Iterable[tuple[str, str]]) -> list[tuple[str, float]]:
    """The words that at least LEAST of some (title, text) hold, with their shares, by word.

    A word that always has a capital may be somebody's name, and is left out.
    """
    counts: Counter[str] = Counter()
    small: set[str] = set()
    total = 0
    for title, text in texts:
        total += 1
        counts.update(set(words(opening_text(Opening(title, text, topic_start(text)), settings.load().stories))))
        small.update(words(" ".join(word for word in text.split() if word[:1].islower())))
    kept = (word for word, count in sorted(counts.items()) if count >= LEAST and (word in small or not word.isalpha()))
    return [(word, round(counts[word] / total, 4)) for word in kept]


def main(paths: list[str]) -> None:
    """Prints the table."""
    from incidents.errors import Reject
    from incidents.read import documents

    found = (document for path in paths for document in documents(path))
    print("word,share")
    for word, share in shares((item.title, item.text) for item in found if not isinstance(item, Reject)):
        print(f"{word},{share}")


if __name__ == "__main__":
    main(sys.argv[1:])
