import pytest

from incidents.read.authors import is_house, names


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("Von Ada Quill und Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Ada Quill, Bo Reed and Cleo Tan", ["Ada Quill", "Bo Reed", "Cleo Tan"]),
        ("Por Ada Quill y Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Bo Reed, Jr.", ["Bo Reed, Jr"]),
        ("Ada Quill (aq)", ["Ada Quill"]),
        ("https://www.facebook.com/ledger", []),
        ("desk@ledger.example", []),
        ("ada-quill", []),
        ("(Image: Stock Pictures)", []),
        ("Published 8 August 2023", []),
    ],
)
def test_names_come_out_of_a_byline(byline, expected):
    assert names(byline) == expected


def test_the_publisher_is_known_by_name_or_host():
    houses = ["Harbour Ledger", "www.harbour-ledger.example"]
    assert is_house("harbour ledger", houses)
    assert is_house("Harbour-Ledger.example", houses)
    assert not is_house("Ada Quill", houses)
