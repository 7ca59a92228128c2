"""The words file is checked on loading: an error names the file, the entry and the mend."""

import shutil

import pytest

from incidents.errors import UserError
from incidents.extract.people.words import FILE, WORDS, load_words
from incidents.reference import DEFAULT_FOLDER


@pytest.fixture
def words_file(tmp_path):
    shutil.copy(DEFAULT_FOLDER / FILE, tmp_path / FILE)
    return tmp_path / FILE


def test_words_are_looked_up_by_word():
    assert WORDS.titles["sheriff"] == "police_official"
    assert WORDS.two_words["public defender"] == "lawyer"
    assert WORDS.races[WORDS.race.search("a South Asian man")[0].lower().replace(" ", "-")] == "south_asian"


def test_an_unknown_role_is_named(words_file):
    words_file.write_text(words_file.read_text().replace("  police_official:", "  policeman:", 1))
    with pytest.raises(UserError, match=r"people_words\.yaml.*titles.*'policeman' is no role"):
        load_words(words_file.parent)


def test_a_missing_list_is_named(words_file):
    words_file.write_text(words_file.read_text().replace("\nkin:", "\nkinship:", 1))
    with pytest.raises(UserError, match=r"people_words\.yaml.*kin"):
        load_words(words_file.parent)
