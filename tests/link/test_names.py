import pytest

from incidents.link.names import block_keys, edits, same_person


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Randall Stone", "Randal Stone"),
        ("Nadia Ferreira", "Nádia Ferreira"),
        ("Marisol Quintero", "Marisol Quinterro"),
        ("Thomas Q. Weller", "Thomas Weller"),
        ("Harold Finch Jr.", "Harold Finch"),
        ("Tom Weller", "T. Weller"),
    ],
)
def test_spellings_of_one_name(a, b):
    assert same_person(a, b)
    assert block_keys(a) & block_keys(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Marcus Hale", "Desmond Hale"),  # father and son
        ("Harold Finch Jr.", "Harold Finch Sr."),
        ("Robert Hale", "Robert Lane"),
        ("Anna Li", "Anna Lu"),
    ],
)
def test_two_people(a, b):
    assert not same_person(a, b)


def test_edits():
    assert [edits("stone", word) for word in ("stone", "stones", "store", "tone", "")] == [0, 1, 1, 1, 5]
