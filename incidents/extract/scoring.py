"""The figures of a component: the names it found against those of labelled examples."""

from collections.abc import Iterable
from typing import Any

from spacy.training import Example


def score_mentions(examples: Iterable[Example], kinds: Iterable[str]) -> dict[str, Any]:
    """Precision, recall and F1 per mention kind, as `<kind>_p`, `<kind>_r` and `<kind>_f`.

    A name counts once per article. The labels are the mentions of each example's reference Doc.
    """
    pairs = [(example.predicted._.mentions, example.reference._.mentions) for example in examples]
    scores: dict[str, Any] = {}
    for kind in kinds:
        found = {(place, m.name) for place, (predicted, _) in enumerate(pairs) for m in predicted if m.kind == kind}
        wanted = {(place, m.name) for place, (_, labels) in enumerate(pairs) for m in labels if m.kind == kind}
        right = len(found & wanted)
        precision = right / len(found) if found else float(not wanted)
        recall = right / len(wanted) if wanted else 1.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        scores |= {f"{kind}_p": precision, f"{kind}_r": recall, f"{kind}_f": f1}
    return scores
