"""Articles to incidents, on the pairs that are known to be hard."""

import pytest

from incidents.errors import UserError
from incidents.extract.contract import QUOTE_LIMIT
from incidents.link import Registry
from incidents.link.judgements import Judgement
from incidents.tables import BY_NAME

PD = "Riverton Police Department"


def rows(linked, table):
    return linked.tables[table].to_pylist()


def test_the_same_agency_a_week_apart(news):
    one = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05")
    two = news.arrest("beta", "Tom Baker", PD, "2022-05-10", "2022-05-12")
    assert news.grouped(news.link()) == sorted([{one}, {two}], key=sorted)


def test_two_arrests_by_one_department_told_alike(news):
    one = {news.arrest(f"a{n}", "Jane Miller", PD, "2022-05-03", "2022-05-05") for n in range(3)}
    two = {news.arrest(f"b{n}", "Tom Baker", PD, "2022-05-03", "2022-05-05") for n in range(3)}
    assert news.grouped(news.link()) == sorted([one, two], key=sorted)


def test_father_and_son(news):
    father = news.arrest("alpha", "Marcus Hale", PD, "2022-05-03", "2022-05-05")
    son = news.arrest("beta", "Desmond Hale", PD, "2022-05-03", "2022-05-05")
    assert news.grouped(news.link()) == sorted([{father}, {son}], key=sorted)


@pytest.mark.parametrize("later", ["2022-06-20", "2025-01-14"])
def test_two_people_of_one_name_arrested_by_two_departments(news, later):
    one = {news.arrest(f"a{n}", "Jane Miller", PD, "2022-05-03", "2022-05-05") for n in range(2)}
    two = {news.arrest(f"b{n}", "Jane Miller", "Lakeside Police Department", later, later) for n in range(2)}
    assert news.grouped(news.link()) == sorted([one, two], key=sorted)


def test_an_arrest_for_which_two_departments_are_named_on_one_date(news):
    one = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05")
    two = news.arrest("beta", "Jane Miller", "Garden County Sheriff", "2022-05-03", "2022-09-05")
    assert news.grouped(news.link()) == [{one, two}]


def test_one_arrest_under_three_spellings(news):
    names = ("Randall Stone", "Randal Stone", "Randall Stones")
    articles = {news.arrest(f"paper{n}", name, PD, "2022-05-03", f"202{3 + n}-06-05") for n, name in enumerate(names)}
    assert news.grouped(news.link()) == [articles]


def test_an_incident_lives_for_years(news):
    arrest = news.arrest("alpha", "Jane Miller", PD, "2020-01-09", "2020-06-24")
    suit = news.article(
        "beta",
        "City sued over wrongful arrest",
        f"Jane Miller sued on Tuesday. The {PD} had arrested her in January 2020 after a false match.",
        "2021-04-14",
        affected=("Jane Miller",),
        events=(
            {
                "type": "lawsuit_filed",
                "date": "2021-04-13",
                "people": ("Jane Miller",),
                "organizations": ((PD, "police_agency"),),
            },
            {"type": "misidentification_arrest", "date": "2020-01", "people": ("Jane Miller",)},
        ),
    )
    paid = news.article(
        "gamma",
        "City pays in face recognition case",
        f"The city will pay Jane Miller $300,000, and the {PD} will change its rules.",
        "2024-06-29",
        affected=("Jane Miller",),
        events=(
            {
                "type": "settlement",
                "date": "2024-06-28",
                "people": ("Jane Miller",),
                "organizations": ((PD, "police_agency"),),
                "codes": {"amount": 300000, "currency": "USD", "amount_kind": "settlement"},
            },
        ),
    )
    linked = news.link()
    assert news.grouped(linked) == [{arrest, suit, paid}]
    (incident,) = rows(linked, "incidents")
    assert incident["incident_type"] == "misidentification_arrest"
    assert str(incident["event_on_start"]) == "2020-01-09"
    assert incident["legal_status"] == "settled"
    assert incident["title"] == f"Wrongful arrest after a false face match: {PD}, January 2020"
    steps = sorted((str(row["event_on"]), row["event_type"], row["amount"]) for row in rows(linked, "incident_events"))
    assert steps == [
        ("2020-01-09", "misidentification_arrest", None),
        ("2021-04-13", "lawsuit_filed", None),
        ("2024-06-28", "settlement", 300000.0),
    ]
    relations = {row["article_id"]: row["relation"] for row in rows(linked, "incident_articles")}
    assert relations == {arrest: "reports", suit: "follow_up", paid: "follow_up"}


def test_an_earlier_victim_told_as_background_joins_nothing(news):
    old = news.arrest("alpha", "Jane Miller", PD, "2020-01-09", "2020-06-24")
    new = news.arrest(
        "beta",
        "Tom Baker",
        "Lakeside Police Department",
        "2023-02-01",
        "2023-03-01",
        text="Tom Baker was wrongly arrested by the Lakeside Police Department. Jane Miller was arrested in 2020.",
        more=({"type": "misidentification_arrest", "date": "2020", "people": ("Jane Miller",)},),
    )
    linked = news.link()
    assert news.grouped(linked) == sorted([{old}, {new}], key=sorted)
    background = [row for row in rows(linked, "incident_articles") if row["relation"] == "mentions"]
    assert [(row["article_id"], row["method"]) for row in background] == [(new, "background")]
    incident = next(row for row in rows(linked, "incidents") if str(row["event_on_start"]) == "2023-02-01")
    assert incident["affected_max"] == 1


def test_a_round_up_lists_and_is_not_counted(news):
    people = ("Jane Miller", "Tom Baker", "Ana Costa")
    for number, person in enumerate(people):
        news.arrest(f"paper{number}", person, f"Town{number} Police Department", f"2022-0{number + 1}-03", "2022-06-01")
    text = "Wrong matches keep coming: " + ", ".join(people) + " were all arrested."
    events = tuple({"type": "misidentification_arrest", "people": (person,)} for person in people)
    news.article("column", "The cases so far", text, "2023-01-01", "commentary", affected=people)
    news._event({k: news.articles[-1][k] for k in ("revision_id", "article_id")}, text, events[0], False)
    linked = news.link()
    assert len(rows(linked, "incidents")) == 3
    assert [row["relation"] for row in rows(linked, "incident_articles")].count("lists") == 3


def test_a_proposal_and_its_withdrawal(news):
    council = (("Riverton City Council", "legislature"),)
    proposal = {
        news.article(
            f"p{n}",
            "Council proposes ban on face recognition",
            f"The Riverton City Council proposed a ban on face recognition, paper {n} has learned. A vote is due.",
            "2023-03-01",
            "policy_event",
            events=({"type": "bill_proposed", "date": "2023-02-28", "organizations": council},),
        )
        for n in range(2)
    }
    withdrawal = {
        news.article(
            f"w{n}",
            "Council withdraws face recognition ban",
            f"The Riverton City Council withdrew its proposed ban on face recognition, paper {n} says.",
            "2023-03-20",
            "policy_event",
            events=({"type": "reversal_or_expiry", "date": "2023-03-19", "organizations": council},),
        )
        for n in range(2)
    }
    assert news.grouped(news.link()) == sorted([proposal, withdrawal], key=sorted)


FIVE = {
    ("regulatory_fine", "Data Protection Board", "regulator"): (
        "Regulator fines Acme Vision nine million",
        "The Data Protection Board fined Acme Vision nine million for keeping faces of residents unasked.",
        "Acme Vision must pay a penalty of nine million and delete what it holds, the Data Protection Board ordered.",
    ),
    ("lawsuit_filed", "Northern District Court", "court"): (
        "Residents sue Acme Vision over wedding pictures",
        "Two residents sued Acme Vision at the Northern District Court over their wedding pictures.",
        "A class action over wedding pictures was filed against Acme Vision at the Northern District Court.",
    ),
    ("ban", "State Attorney", "regulator"): (
        "Prosecutor tells officers to stop using Acme Vision",
        "The State Attorney banned Acme Vision in all the state after seeing a promotional video.",
        "Officers may no longer open the Acme Vision app, the State Attorney wrote to every sheriff.",
    ),
    ("deployment_started", "Lakeside Police", "police_agency"): (
        "Lakeside buys Acme Vision for detectives",
        "Lakeside Police started to use the face search of Acme Vision, an invoice shows.",
        "An invoice shows that the detectives of Lakeside Police hold forty accounts at Acme Vision.",
    ),
    ("data_breach", "Acme Vision", "vendor"): (
        "Intruder takes customer list of Acme Vision",
        "An intruder copied the list of customers of Acme Vision, the company told them in a notice on Wednesday.",
        "Customers of Acme Vision got a notice on Wednesday that an intruder had copied their names.",
    ),
}


def test_five_stories_about_one_vendor_in_a_week(news):
    background = "Acme Vision sells face searches."
    expected = []
    for number, ((kind, body, role), (title, *leads)) in enumerate(FIVE.items()):
        bodies = {(body, role), ("Acme Vision", "vendor")}
        events = ({"type": kind, "organizations": sorted(bodies)},)
        found = set()
        for paper, lead in enumerate(leads):
            text, on = f"{lead} {background}", f"2023-03-0{number + 1 + paper}"
            found.add(news.article(f"s{number}p{paper}", title, text, on, "policy_event", events=events))
        expected.append(found)
    assert news.grouped(news.link()) == sorted(expected, key=sorted)


def test_an_article_without_an_event_joins_its_story(news):
    text = f"Jane Miller was arrested by the {PD} after a false face match, her family says."
    told = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05", text=text)
    untold = news.article(
        "beta", "Jane Miller arrested after face match", f"{text} More soon.", "2022-05-05", "commentary"
    )
    assert news.grouped(news.link()) == [{told, untold}]


def test_a_lone_article_without_an_event_makes_no_incident(news):
    news.article("column", "What face recognition means for us", "An essay on face recognition.", kind="commentary")
    news.article(
        "review", "A phone that knows you", "A phone that unlocks with a face.", kind="product", relevant=False
    )
    linked = news.link()
    assert rows(linked, "incidents") == []
    assert len(rows(linked, "articles")) == 2


@pytest.fixture
def busy(news):
    news.arrest(
        "alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05", about={"Jane Miller": {"gender": "woman", "age": 34}}
    )
    news.arrest("beta", "Jane Miller", PD, "2022-05", "2022-05-06")
    news.arrest("gamma", "Tom Baker", "Lakeside Police Department", "2022-05-10", "2022-05-12")
    news.article(
        "delta",
        "Lakeside bans face recognition",
        "Lakeside banned face recognition after the arrest of Tom Baker.",
        "2022-06",
        "policy_event",
        events=(
            {"type": "ban", "date": "2022-06-01", "organizations": (("Lakeside", "legislature"),), "place": "Lakeside"},
        ),
    )
    return news


def test_the_order_of_rows_does_not_matter(busy):
    one, other = busy.link(), busy.link(reverse=True)
    assert one.tables == other.tables
    assert one.registry.lines == other.registry.lines
    assert one.people.equals(other.people)


def test_a_rerun_keeps_ids_and_registry(busy):
    first = busy.link()
    again = busy.link(first.registry)
    assert again.registry.lines == first.registry.lines
    assert again.tables == first.tables


def test_tables_follow_the_contract(busy):
    for name, table in busy.link().tables.items():
        assert table.schema == BY_NAME[name].schema
        keys = table[BY_NAME[name].key.name].to_pylist()
        assert keys == sorted(set(keys))


FROM_TEXT = {
    "incidents": (
        "record_class", "incident_type", "event_on_start", "event_on_end", "place_id", "legal_status",
        "affected_min", "affected_max",
    ),
    "incident_organizations": ("organization_id", "role"),
    "affected_parties": ("display_label", "gender"),
    "incident_events": ("event_type", "event_on", "organization_id"),
}  # fmt: skip


def test_every_value_has_its_sentence(busy):
    linked = busy.link()
    texts = {row["revision_id"]: row["text"] for row in busy.articles}
    evidence = rows(linked, "evidence")
    selected = {(r["table_name"], r["row_id"], r["field"]) for r in evidence if r["selected"]}
    for table, columns in FROM_TEXT.items():
        for row in rows(linked, table):
            missing = [
                c for c in columns if row[c] is not None and (table, next(iter(row.values())), c) not in selected
            ]
            assert missing == [] or row.get("date_basis") == "publication"
    for row in evidence:
        assert 0 < len(row["quote"]) <= QUOTE_LIMIT
        assert row["quote"] in texts[row["revision_id"]]
        assert 0 <= row["char_start"] < row["char_end"] <= len(texts[row["revision_id"]])


def test_a_loser_stays_in_evidence(busy):
    busy.arrest("epsilon", "Jane Miller", PD, "2022-05-04", "2022-05-07")
    dates = {
        r["value"]: r["selected"]
        for r in rows(busy.link(), "evidence")
        if r["field"] == "event_on_start" and r["value"] > "2022-05-0" and r["value"] < "2022-05-09"
    }
    assert dates == {"2022-05-03": True, "2022-05-04": False}


def judged(a, b, verdict):
    return Judgement(a=a, b=b, verdict=verdict, who="ann", when="2024-01-01", why="read both")


def test_a_decision_changes_only_its_incidents(busy):
    before = busy.link()
    groups = busy.grouped(before)
    one, two = next(g for g in groups if len(g) == 2), next(g for g in groups if len(g) == 1)
    after = busy.link(before.registry, (judged(min(one), min(two), "same"),))
    assert one | two in busy.grouped(after)
    concerned = {r["incident_id"] for r in rows(before, "incident_articles") if r["article_id"] in one | two}
    for name in ("incidents", "incident_organizations", "affected_parties", "incident_events"):
        left = [r for r in rows(before, name) if r["incident_id"] not in concerned]
        assert left == [r for r in rows(after, name) if r["incident_id"] not in concerned]


def test_a_decision_splits_and_the_split_says_so(busy):
    before = busy.link()
    pair = next(group for group in busy.grouped(before) if len(group) == 2)
    after = busy.link(before.registry, (judged(*pair, "different"),))
    assert [{article} for article in sorted(pair)] == [g for g in busy.grouped(after) if g & pair]
    assert [row["link_type"] for row in rows(after, "incident_links") if row["link_type"] == "split_from"] == [
        "split_from"
    ]


def test_contradicting_decisions_stop_the_release(busy):
    a, b, c = (row["article_id"] for row in busy.articles[:3])
    with pytest.raises(UserError, match="contradict"):
        busy.link(Registry(), (judged(a, b, "same"), judged(b, c, "same"), judged(a, c, "different")))


def test_an_appeal_joins_the_fine_it_is_about(news):
    bodies = (("Data Board", "regulator"), ("Acme Vision", "vendor"))
    fine = {"type": "regulatory_fine", "date": "2022-05-20", "organizations": bodies}
    ruling = {"type": "court_ruling", "date": "2023-10-17", "organizations": bodies}
    told_again = {"type": "regulatory_fine", "date": "2022-05", "organizations": bodies}
    text = "The Data Board fined Acme Vision seven million for its face searches."
    first = news.article("alpha", "Watchdog fines Acme", text, "2022-05-21", "policy_event", events=(fine,))
    text = "Judges struck down what the Data Board imposed on Acme Vision last year."
    later = news.article("beta", "Ruling", text, "2023-10-18", "policy_event", events=(ruling, told_again))
    text = "The Data Board fined Acme Vision again, this time for not paying on time."
    again = news.article(
        "gamma", "Second penalty", text, "2023-04-14", "policy_event", events=(fine | {"date": "2023-04-13"},)
    )
    assert news.grouped(news.link()) == sorted([{first, later}, {again}], key=sorted)


def test_rulings_join_the_finding_that_they_review_without_dating_it(news):
    bodies = (("Data Board", "regulator"), ("Acme Vision", "vendor"))
    finding = {"type": "regulatory_finding", "date": "2022-05-20", "organizations": bodies}
    text = "The Data Board found that Acme Vision broke the law with its face searches."
    first = news.article("alpha", "Watchdog finds against Acme", text, "2022-05-21", "policy_event", events=(finding,))
    together = {first}
    for slug, day in (("beta", "2023-10-17"), ("gamma", "2025-01-20")):
        ruling = {"type": "court_ruling", "date": day, "organizations": bodies}
        text = f"Judges ruled on what the Data Board may ask of Acme Vision. {slug} has the text."
        together.add(news.article(slug, "Ruling", text, day, "policy_event", events=(ruling,)))
    contract = {"type": "court_ruling", "date": "2024-06-02", "organizations": (("Acme Vision", "vendor"),)}
    text = "A court ruled that the town of Dune gets to read what it signed with Acme Vision."
    apart = news.article("delta", "Contract", text, "2024-06-03", "policy_event", events=(contract,))
    assert news.grouped(news.link()) == sorted([together, {apart}], key=sorted)


def test_an_article_that_only_opens_with_a_known_subject_joins_that_incident(news):
    told = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05")
    text = "Jane Miller habla del reconocimiento facial y de sus dos noches en la celda."
    untold = news.article("beta", "Dos noches", text, "2022-06-05", "incident")
    key = {name: news.articles[-1][name] for name in ("revision_id", "article_id")}
    news._mention(key, text, "person", "Jane Miller", role="other")
    assert news.grouped(news.link()) == [{told, untold}]
