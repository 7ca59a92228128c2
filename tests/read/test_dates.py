from datetime import UTC, date, datetime

import pytest

from incidents.read import dates


@pytest.mark.parametrize(
    ("text", "on", "precision", "at"),
    [
        ("2021", date(2021, 1, 1), "year", None),
        ("2021-05", date(2021, 5, 1), "month", None),
        ("2021-05-18", date(2021, 5, 18), "day", None),
        ("2021-05-18T10:00:00", date(2021, 5, 18), "day", None),
        ("2021-05-18T10:00:00Z", date(2021, 5, 18), "day", datetime(2021, 5, 18, 10, tzinfo=UTC)),
        ("2021-05-18T23:30:00-07:00", date(2021, 5, 18), "day", datetime(2021, 5, 19, 6, 30, tzinfo=UTC)),
        ("2021-05-18T23:30:00.123-0700", date(2021, 5, 18), "day", datetime(2021, 5, 19, 6, 30, tzinfo=UTC)),
        ("2021-05-18 23:30 +0200", date(2021, 5, 18), "day", datetime(2021, 5, 18, 21, 30, tzinfo=UTC)),
        ("Tue, 18 May 2021 10:00:00 GMT", date(2021, 5, 18), "day", datetime(2021, 5, 18, 10, tzinfo=UTC)),
    ],
)
def test_a_date_keeps_its_local_day_its_precision_and_its_instant(text, on, precision, at):
    moment = dates.parse(text)
    assert (moment.on, moment.precision, moment.at) == (on, precision, at)


@pytest.mark.parametrize("text", ["", "yesterday", "2021-13", "2021-02-30", "13 o'clock"])
def test_what_is_no_date_gives_none(text):
    assert dates.parse(text) is None


def test_a_date_is_stated_as_precisely_as_it_is_known():
    stated = [dates.parse(text).stated() for text in ("2021", "2021-05", "2021-05-18", "2021-05-18T10:00:00Z")]
    assert stated == ["2021", "2021-05", "2021-05-18", "2021-05-18T10:00:00+00:00"]


@pytest.mark.parametrize(
    ("given", "address", "known"),
    [
        ("2021", "https://a.example/2021/05/18/story", "2021-05-18"),
        ("2021", "https://a.example/world/2021/may/18/story", "2021-05-18"),
        ("2021-05", "https://a.example/2021/05/18/story", "2021-05-18"),
        ("2021-06", "https://a.example/2021/05/18/story", "2021-06"),
        ("2021", "https://a.example/2021/unit/18/story", "2021"),
        ("2021", "https://a.example/2021/05/story", "2021"),
        ("2021-05-19", "https://a.example/2021/05/18/story", "2021-05-19"),
    ],
)
def test_a_mere_year_or_month_takes_the_day_of_the_address_where_it_agrees(given, address, known):
    assert dates.refined(dates.parse(given), address).stated() == known
