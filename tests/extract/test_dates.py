"""Dates, amounts and docket numbers, on sentences of our own. Published on Wednesday 24 June 2020."""

from datetime import date

import pytest

from incidents.extract.contract import Document
from incidents.extract.dates.amounts import amount_kind, find_amounts, find_dockets
from incidents.extract.dates.timex import Published, find_dates
from incidents.extract.pipeline import make_doc

PUBLISHED = Published(date(2020, 6, 24))


def dates(text, language="en", published=PUBLISHED):
    return [
        (text[found.start : found.end], found.value, found.precision) for found in find_dates(text, language, published)
    ]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("He was held on January 9, 2020.", "2020-01-09", "day"),
        ("He was held on 9 January 2020.", "2020-01-09", "day"),
        ("The fine of 2022-10-20 stands.", "2022-10-20", "day"),
        ("The scheme began in January 2019.", "2019-01", "month"),
        ("The scheme began in 2018.", "2018", "year"),
        ("The 2018 test was quiet.", "2018", "year"),
        ("It began in the summer of 2019.", "2019", "approx"),
        ("It began in late 2019.", "2019", "approx"),
    ],
)
def test_stated_dates_keep_their_precision(text, value, precision):
    assert dates(text)[0][1:] == (value, precision)
    assert find_dates(text, "en", PUBLISHED)[0].basis == "stated"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He was held on Thursday, January 9, 2020."),
        ("en", "He was held on Thursday 9 January."),
        ("es", "Lo detuvieron el jueves 9 de enero de 2020."),
        ("fr", "Il a été arrêté jeudi 9 janvier 2020."),
    ],
)
def test_a_weekday_before_a_date_is_no_date_of_its_own(language, text):
    assert [value for _, value, _ in dates(text, language)] == ["2020-01-09"]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("Police said on Thursday", "2020-06-18", "day"),
        ("Police said on Wednesday", "2020-06-24", "day"),
        ("Police said last Wednesday", "2020-06-17", "day"),
        ("The council will vote on Friday", "2020-06-26", "day"),
        ("Police said yesterday", "2020-06-23", "day"),
        ("He was held on Jan. 9", "2020-01-09", "day"),
        ("He was held on Dec. 9", "2019-12-09", "day"),
        ("It began in January", "2020-01", "month"),
        ("It began in October", "2019-10", "month"),
        ("It began last June", "2019-06", "month"),
        ("It began in November of last year", "2019-11", "month"),
        ("It began two years ago", "2018", "year"),
        ("It began three weeks ago", "2020-06", "approx"),
        ("It began last month", "2020-05", "month"),
        ("It began earlier this year", "2020", "year"),
        ("It began last fall", "2019", "approx"),
    ],
)
def test_relative_dates_resolve_against_the_day_of_publication(text, value, precision):
    found = find_dates(text, "en", PUBLISHED)[-1]
    assert (found.value, found.precision, found.basis) == (value, precision, "relative")


@pytest.mark.parametrize(
    "text",
    [
        "a 32-year-old man",
        "she is 32",
        "for two years",
        "within 30 days",
        "2,020 photos",
        "in 2000 photos",
        "$2019",
        "1999.5",
    ],
)
def test_ages_durations_and_counts_are_no_dates(text):
    assert dates(text) == []


def test_a_relative_date_stays_open_where_the_day_of_publication_is_not_known():
    only_year = Published(date(2020, 1, 1), "year")
    assert dates("He was held last Thursday, a year after 2018.", published=only_year) == [
        ("last Thursday", None, "unknown"),
        ("2018", "2018", "year"),
    ]
    assert dates("It began last year.", published=only_year) == [("last year", "2019", "year")]


def test_an_impossible_day_is_no_date():
    assert dates("on February 31, 2020") != [("February 31, 2020", "2020-02-31", "day")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("es", "el 27 de julio de 2019", "2019-07-27"),
        ("es", "el jueves pasado", "2020-06-18"),
        ("es", "hace dos años", "2018"),
        ("es", "en enero", "2020-01"),
        ("fr", "le 1er mai 2019", "2019-05-01"),
        ("fr", "jeudi dernier", "2020-06-18"),
        ("fr", "il y a deux ans", "2018"),
        ("fr", "en janvier", "2020-01"),
    ],
)
def test_spanish_and_french(language, text, value):
    assert [found.value for found in find_dates(text, language, PUBLISHED)] == [value]


@pytest.mark.parametrize(
    ("text", "value", "currency", "kind"),
    [
        ("The regulator fined the firm €20 million.", 20_000_000, "EUR", "fine_imposed"),
        ("The city paid $300,000 in a settlement.", 300_000, "USD", "settlement"),
        ("The store paid £7.5m last year.", 7_500_000, "GBP", "paid"),
        ("She seeks US$1.5bn in damages.", 1_500_000_000, "USD", "damages_claimed"),
        ("The contract cost 600,000 dollars.", 600_000, "USD", "price"),
        ("La multa es de 2,52 millones de euros.", 2_520_000, "EUR", "fine_imposed"),
        ("Une amende de 20 millions d'euros.", 20_000_000, "EUR", "fine_imposed"),
    ],
)
def test_amounts_say_what_they_are(text, value, currency, kind):
    (amount,) = find_amounts(text)
    assert (amount.value, amount.currency) == (value, currency)
    assert amount_kind(text, amount.start, amount.end) == kind


def test_a_fine_imposed_and_a_fine_paid_differ():
    text = "The regulator imposed a fine of €3.15 million; with the discount the chain paid €2.52 million."
    assert [amount_kind(text, a.start, a.end) for a in find_amounts(text)] == ["fine_imposed", "paid"]


def test_docket_numbers():
    text = "See case no. 2:21-cv-10827, [2020] EWCA Civ 1058, PS/00120/2021 and SAN-2022-019, not No. 1."
    numbers = [number for _, _, number in find_dockets(text)]
    assert numbers == ["2:21-cv-10827", "[2020] EWCA Civ 1058", "PS/00120/2021", "SAN-2022-019"]


def test_the_component_uses_the_article_it_is_given(nlp):
    text = "Police used face recognition last Thursday and paid $5,000 for it."
    doc = nlp(make_doc(nlp, Document("u", "t", text, published_on=date(2020, 6, 24), published_precision="day")))
    found = {m.kind: m.attributes for m in doc._.mentions if m.kind in ("date", "amount")}
    assert found["date"] == {"value": "2020-06-18", "precision": "day", "basis": "relative"}
    assert found["amount"] == {"value": 5000.0, "currency": "USD", "amount_kind": "paid"}
