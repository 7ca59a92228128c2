"""What people say of unknown names, replayed before anything is compared."""

import pytest

from incidents.errors import UserError
from incidents.link.organizations import candidate_id
from incidents.link.oversight import Decisions
from incidents.link.resolutions import NEW, NONE, Resolution
from incidents.reference import Agency, Reference

AGENCY = Agency(
    id="agency-us-dune", name="Dune County Sheriff's Office", kind="police", country="US", region="Nevada", source="s"
)


def resolution(name, organization, who="ann", **rest):
    return Resolution(name=name, organization=organization, who=who, when="2024-01-01", why="read it", **rest)


def link(news, *resolutions):
    news.reference = Reference(agencies=(AGENCY,))
    return news.link(judged=Decisions(resolutions=resolutions))


def bodies(linked):
    return {row["organization_id"] for row in linked.tables["incident_organizations"].to_pylist()}


@pytest.fixture
def dune(news):
    news.arrest("alpha", "Jane Miller", "Dune Police", "2022-05-03", "2022-06-01")
    return news


def test_a_name_becomes_the_organization_it_stands_for(dune):
    assert bodies(link(dune)) == {candidate_id("Dune Police")}
    linked = link(dune, resolution("the Dune Police", AGENCY.id))
    assert bodies(linked) == {AGENCY.id}
    (decision,) = linked.explained["decisions"].to_pylist()
    assert (decision["answer"], decision["who"], decision["why"]) == (AGENCY.id, "ann", "read it")


def test_one_unknown_name_becomes_another(dune):
    dune.arrest("beta", "Tom Baker", "Dune PD", "2023-05-03", "2023-06-01")
    linked = link(dune, resolution("Dune PD", candidate_id("Dune Police")))
    assert bodies(linked) == {candidate_id("Dune Police")}


def test_a_chain_ends_at_its_end(dune):
    dune.arrest("beta", "Tom Baker", "Dune PD", "2023-05-03", "2023-06-01")
    chain = (resolution("Dune PD", candidate_id("Dune Police")), resolution("Dune Police", AGENCY.id))
    assert bodies(link(dune, *chain)) == {AGENCY.id}


def test_what_is_no_organization_is_gone(dune):
    line = {"candidate": candidate_id("Dune Police"), "who": "ann", "when": "2024-01-01", "why": "a ship"}
    assert bodies(link(dune, Resolution(organization=NONE, **line))) == set()


def test_a_new_one_stays_as_it_is(dune):
    assert bodies(link(dune, resolution("Dune Police", NEW))) == {candidate_id("Dune Police")}


def test_in_one_article_only(dune):
    other = dune.arrest("beta", "Tom Baker", "Dune Police", "2023-05-03", "2023-06-01")
    linked = link(dune, resolution("Dune Police", AGENCY.id, article=other))
    assert bodies(linked) == {AGENCY.id, candidate_id("Dune Police")}


@pytest.mark.parametrize(
    ("organization", "rest", "reason"),
    [
        ("agency-us-nowhere", {}, "no organization agency-us-nowhere"),
        (NEW, {"article": "art-gone"}, "no article art-gone"),
    ],
)
def test_what_does_not_exist_is_set_aside_and_listed(dune, organization, rest, reason):
    linked = link(dune, resolution("Dune Police", organization, file="organizations.jsonl", line=5, **rest))
    (reject,) = linked.rejects
    assert (reject.file, reject.line) == ("organizations.jsonl", 5)
    assert reason in reject.reason
    assert bodies(linked) == {candidate_id("Dune Police")}


def test_a_circle_is_set_aside_and_listed(dune):
    dune.arrest("beta", "Tom Baker", "Dune PD", "2023-05-03", "2023-06-01")
    circle = (
        resolution("Dune PD", candidate_id("Dune Police"), line=1),
        resolution("Dune Police", candidate_id("Dune PD"), line=2),
    )
    linked = link(dune, *circle)
    assert [(r.line, "a circle" in r.reason) for r in linked.rejects] == [(1, True), (2, True)]
    assert len(bodies(linked)) == 2


def test_a_name_merged_into_two_organizations_stops_the_release(dune):
    with pytest.raises(UserError, match="contradict each other"):
        link(dune, resolution("Dune Police", AGENCY.id), resolution("Dune Police", NEW, "bob"))


def test_a_name_or_its_candidate_but_not_both():
    with pytest.raises(ValueError, match="either name or candidate"):
        resolution("Dune Police", NEW, candidate="org-1")
    with pytest.raises(ValueError, match="stands for itself"):
        resolution("Dune Police", candidate_id("Dune Police"))
