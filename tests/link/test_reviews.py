"""What people looked at: it counts as long as it stands, and what reports no incident makes none."""

import pytest

from incidents.errors import UserError
from incidents.link import reviews
from incidents.link.oversight import Decisions
from incidents.link.reviews import Review

PD = "Riverton Police Department"


def review(looked_at, verdict, who="ann", **rest):
    return Review(looked_at=looked_at, verdict=verdict, who=who, when="2024-01-01", why="read it", **rest)


def link(news, *found, registry=None):
    return news.link(registry, Decisions(reviews=found))


def incidents(linked):
    return linked.tables["incidents"].to_pylist()


@pytest.fixture
def arrests(news):
    one = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    two = news.arrest("beta", "Tom Baker", "Lakeside Police Department", "2023-05-03", "2023-06-01")
    return news, one, two


def test_a_review_raises_the_level_while_its_values_stand(arrests):
    news, one, _ = arrests
    row = next(row for row in incidents(news.link()) if str(row["event_on_start"]) == "2022-05-03")

    def level(*found):
        return next(r["review_level"] for r in incidents(link(news, *found)) if r["incident_id"] == row["incident_id"])

    assert level(review(one, "right", seen=reviews.seen(row))) == "one_person"
    assert level(review(one, "right", key="1"), review(one, "right", "bob", key="2")) == "two_people"
    assert level(review(one, "right", seen="0123")) == "machine"
    assert level(review(one, "unsure")) == "machine"


def test_an_article_of_no_incident_makes_none_and_the_id_is_withdrawn(arrests):
    news, one, _ = arrests
    before = news.link()
    after = link(news, review(one, "no_incident"), registry=before.registry)
    assert len(incidents(before)) == 2
    assert incidents(after) == [row for row in incidents(before) if str(row["event_on_start"]) == "2023-05-03"]
    (redirect,) = after.tables["id_redirects"].to_pylist()
    assert (redirect["new_id"], redirect["reason"]) == (None, "withdrawn")


def test_the_rest_of_an_incident_stays(arrests):
    news, one, _ = arrests
    more = news.arrest("gamma", "Jane Miller", PD, "2022-05-03", "2022-06-02")
    grouped = news.grouped(link(news, review(one, "no_incident")))
    assert {more} in grouped
    assert not any(one in group for group in grouped)


def test_a_review_of_nothing_is_set_aside_and_listed(arrests):
    news, *_ = arrests
    (reject,) = link(news, review("person-none", "right", file="reviews.jsonl", line=2)).rejects
    assert (reject.file, reject.line, reject.reason) == ("reviews.jsonl", 2, "no person-none; the review is set aside")


def test_two_people_who_disagree_stop_the_release(arrests):
    news, one, _ = arrests
    with pytest.raises(UserError, match="contradict each other"):
        link(news, review(one, "no_incident"), review(one, "right", "bob"))
