"""The figures that the components give for labelled articles."""

from dataclasses import replace

import pytest
from spacy.training import Example

from incidents.extract import Document
from incidents.extract.pipeline import make_doc

TEXT = "The city council of Oakland voted to ban the use of facial recognition by the Oakland Police Department."


def labelled(nlp, **labels):
    """An article as the pipeline reads it, and the same with other labels."""
    document = Document("", "Council bans facial recognition", TEXT)
    predicted, reference = nlp(make_doc(nlp, document)), nlp(make_doc(nlp, document))
    for name, value in labels.items():
        reference._.set(name, value)
    return Example(predicted, reference)


def test_relevance_and_kind(nlp):
    examples = [labelled(nlp), labelled(nlp, kind="study")]
    scores = nlp.get_pipe("incidents_relevance").score(examples)
    assert scores == {"relevant_accuracy": 1.0, "kind_accuracy": 0.5}


def test_main_events(nlp):
    right = labelled(nlp)
    wrong = labelled(nlp, main_event=replace(right.predicted._.main_event, type="hearing"))
    none = labelled(nlp, main_event=None)
    scores = nlp.get_pipe("incidents_events").score([right, wrong, none])
    assert scores["main_event_type_accuracy"] == 0.5
    assert scores["false_main_events"] == 1.0


def test_organizations(nlp):
    right = labelled(nlp)
    organizations = right.predicted._.main_event.organizations
    assert organizations
    more = [*organizations, {"name": "Nobody", "entity_id": None, "role": "court"}]
    short = labelled(nlp, main_event=replace(right.predicted._.main_event, organizations=more))
    scores = nlp.get_pipe("incidents_attribution").score([right, short])
    assert scores["organization_role_p"] == 1.0
    assert scores["organization_role_r"] == pytest.approx(2 * len(organizations) / (2 * len(organizations) + 1))
