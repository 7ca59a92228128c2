"""The bodies of an incident that its articles name and no event tells."""

import pytest

from incidents.reference import Organization, Product, Reference, Vendor

COURT = (("Court of Appeal", "court"),)
ARREST = {"type": "misidentification_arrest"}
RULING = {"type": "court_ruling", "organizations": COURT}
PRODUCT = Product(id="product-eagle", name="Eagle Eye", kind="live_recognition")
VENDOR = Vendor(id="vendor-acme", name="Acme Vision", source="s", verified=True, products=(PRODUCT,))


def bodies(linked):
    names = {row["organization_id"]: row["name"] for row in linked.tables["organizations"].to_pylist()}
    return {(names[row["organization_id"]], row["role"]) for row in linked.tables["incident_organizations"].to_pylist()}


def test_the_force_with_which_a_report_on_a_ruling_opens(news):
    text = "Dune Police broke the law with its cameras, the Court of Appeal ruled."
    news.article(
        "alpha", "Ruling", text, kind="policy_event", events=(RULING,), named=(("Dune Police", "police_agency"),)
    )
    assert bodies(news.link()) == {("Court of Appeal", "court"), ("Dune Police", "police_agency")}


def test_a_force_named_in_passing_has_no_part_in_a_ruling(news):
    text = f"The Court of Appeal ruled on face recognition. {'It was a long day. ' * 30}Dune Police use it too."
    news.article(
        "alpha", "Ruling", text, kind="policy_event", events=(RULING,), named=(("Dune Police", "police_agency"),)
    )
    assert bodies(news.link()) == {("Court of Appeal", "court")}


@pytest.mark.parametrize("others", [(), ("Reef Police",)])
def test_the_only_force_named_has_a_part_in_an_arrest(news, others):
    text = f"A man was arrested after a face match. {'It was a long day. ' * 30}Dune Police did not comment."
    text += "".join(f" Nor did {name}." for name in others)
    named = tuple((name, "police_agency") for name in ("Dune Police", *others))
    news.article("alpha", "Arrest", text, events=(ARREST,), named=named)
    assert bodies(news.link()) == (set() if others else {("Dune Police", "police_agency")})


def test_a_force_that_an_event_tells_of_is_the_only_one(news):
    event = ARREST | {"organizations": (("Reef Police", "police_agency"),)}
    text = "Reef Police wrongly arrested a man for Dune Police."
    news.article("alpha", "Arrest", text, events=(event,), named=(("Dune Police", "police_agency"),))
    assert bodies(news.link()) == {("Reef Police", "police_agency")}


def test_a_law_gives_no_part_to_whom_its_report_names(news):
    event = {"type": "ban", "organizations": (("Dune Council", "legislature"),)}
    text = "The Dune Council bans what Dune Police bought from Acme Vision."
    named = (("Dune Police", "police_agency"), ("Acme Vision", "vendor"))
    news.article("alpha", "Ban", text, kind="policy_event", events=(event,), named=named)
    assert bodies(news.link()) == {("Dune Council", "legislature")}


def test_a_product_stands_for_its_vendor(news):
    news.reference = Reference(vendors=(VENDOR,))
    text = "A man was wrongly arrested after the Eagle Eye software raised an alarm."
    news.article("alpha", "Arrest", text, events=(ARREST,), named=(("Eagle Eye", "product"),))
    linked = news.link()
    assert bodies(linked) == {("Acme Vision", "vendor")}
    [part] = linked.tables["incident_organizations"].to_pylist()
    assert (part["product_id"], part["confidence"]) == ("product-eagle", 0.45)


@pytest.mark.parametrize(("kind", "places"), [("retailer", 1), ("company", 0)])
def test_the_country_of_a_company_with_users_everywhere_says_nothing(news, kind, places):
    shop = Organization(id="org-us-dune-cabs", name="Dune Cabs", kind=kind, country="US", source="s")
    news.reference = Reference(organizations=(shop,))
    event = ARREST | {"organizations": (("Dune Cabs", "deployer"),)}
    text = "Dune Cabs of the United States had a man wrongly arrested."
    news.article("alpha", "Arrest", text, events=(event,), named=(("United States", "place"),))
    assert news.link().tables["places"].num_rows == places
