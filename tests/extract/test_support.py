"""What a quote says by itself, as data/reference/evidence.yaml has it."""

import shutil

import pytest

from incidents.errors import UserError
from incidents.extract import support
from incidents.reference.loader import DEFAULT_FOLDER


@pytest.mark.parametrize(
    ("vocabulary", "code", "quote", "says"),
    [
        ("event_type", "deployment_started", "Shops in Dune now use facial recognition at the door.", True),
        ("event_type", "deployment_started", "Dune will use facial recognition at the door.", False),
        ("event_type", "deployment_started", "Dune started to use new fingerprint readers.", False),
        ("event_type", "deployment_planned", "Dune will use facial recognition at the door.", True),
        ("event_type", "misidentification_arrest", "A false face match put a baker in jail.", True),
        ("event_type", "misidentification_arrest", "A false face match pointed to a baker.", False),
        ("event_type", "investigation_opened", "A tenant complained about the cameras.", False),
        ("harm_type", "wrongful_arrest", "The search named the wrong woman.", False),
        ("failure_mode", "false_match", "The search named the wrong woman by her face.", True),
        ("allegation_status", "alleged", "The city fined the shop.", False),
        ("organization_role", "vendor", "A talk by the head of Acme Vision is on the webinar.", False),
        ("organization_role", "vendor", "The cameras run the software of Acme Vision.", True),
    ],
)
def test_a_quote_says_a_code_or_does_not(vocabulary, code, quote, says):
    assert support.load("en").says(vocabulary, code, quote) is says


def test_any_quote_does_where_the_file_asks_for_nothing():
    assert support.load("en").says("event_type", "violence_or_death", "It rained.")
    assert support.load("fr").says("event_type", "ban", "Il pleuvait.")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  deployment_started:\n", "  deployment_begun:\n", "'deployment_begun' is no code of it"),
        ('en: ["appeal*"]', 'en: ["(appeal*"]', "appeal, en: brackets do not close"),
        ("words:\n", "words: 5\nworks:\n", "words"),
    ],
)
def test_a_slip_in_the_file_is_named(tmp_path, old, new, told):
    for name in ("event_cues.yaml", "vocabulary.yaml", support.FILE):
        shutil.copy(DEFAULT_FOLDER / name, tmp_path)
    path = tmp_path / support.FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=r"evidence\.yaml") as error:
        support.load("en", tmp_path)
    assert told in str(error.value)
