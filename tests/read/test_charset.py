import pytest

from incidents.read.charset import as_utf8, decode

CYRILLIC = "распознавание лиц"


@pytest.mark.parametrize(
    ("body", "served"),
    [
        (CYRILLIC.encode(), "text/html; charset=iso-8859-1"),
        (CYRILLIC.encode("cp1251"), "text/html; charset=windows-1251"),
        (f'<meta charset="windows-1251">{CYRILLIC}'.encode("cp1251"), "text/html; charset=iso-8859-1"),
        (CYRILLIC.encode("utf-16"), "text/html"),
    ],
    ids=["utf-8 under a wrong header", "declared by the server", "declared by the page", "utf-16"],
)
def test_text_is_decoded_by_what_it_is(body, served):
    assert CYRILLIC in decode(body, served)


def test_iso_2022_is_not_taken_for_ascii():
    assert decode("顔認証".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp") == "顔認証"


def test_noise_is_no_text():
    assert decode(bytes(range(128, 256)) * 40, "text/html; charset=utf-8") is None


def test_for_a_search_only_other_encodings_are_rewritten():
    body = b'<meta charset="utf-8"> caf\xe9'
    assert as_utf8(body) is body
    assert as_utf8(CYRILLIC.encode("cp1251"), "text/html; charset=windows-1251") == CYRILLIC.encode()
