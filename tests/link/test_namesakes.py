"""One name is not one person: who is, by what the articles say."""

from incidents.link.judgements import Judgement

PD = "Riverton Police Department"
OTHER_PD = "Lakeside Police Department"


def different(a, b):
    return (Judgement(a=a, b=b, verdict="different", who="ann", when="2024-01-01", why="read both"),)


def persons(linked):
    """The people of each article, by their ids."""
    return {tuple(row["article_ids"]): row["person_id"] for row in linked.people.to_dict("records")}


def twice(news, second_pd, second_day, first_about=None, second_about=None, **rest):
    """Two arrests of a Jane Miller that are two incidents."""
    one = news.arrest("alpha", "Jane Miller", PD, "2020-05-03", "2020-05-05", about={"Jane Miller": first_about or {}})
    two = news.arrest(
        "beta", "Jane Miller", second_pd, second_day, second_day, about={"Jane Miller": second_about or {}},
        title="Held for a face", **rest
    )  # fmt: skip
    return one, two


def test_two_people_of_one_full_name_are_two(news):
    one, two = twice(news, OTHER_PD, "2023-09-03")
    linked = news.link(judged=different(one, two))
    assert linked.tables["incidents"].num_rows == 2
    assert set(persons(linked)) == {(one,), (two,)}
    assert "same_parties" not in linked.tables["incident_links"]["link_type"].to_pylist()


def test_place_and_age_make_them_one(news):
    one, two = twice(news, PD, "2023-09-03", {"age": 34}, {"age": 37})
    linked = news.link(judged=different(one, two))
    assert len(linked.people) == 1
    assert "same_parties" in linked.tables["incident_links"]["link_type"].to_pylist()


def test_another_age_keeps_them_apart(news):
    one, two = twice(news, PD, "2020-09-03", {"age": 61}, {"age": 24})
    linked = news.link(judged=different(one, two))
    assert len(linked.people) == 2


def test_another_gender_keeps_them_apart(news):
    one, two = twice(news, PD, "2020-09-03", {"gender": "woman"}, {"gender": "man"})
    assert len(news.link(judged=different(one, two)).people) == 2


def test_an_earlier_victim_told_as_background_is_known_by_place_and_year(news):
    old = news.arrest("alpha", "Jane Miller", PD, "2020-01-09", "2020-06-24")
    new = news.arrest(
        "beta", "Tom Baker", OTHER_PD, "2023-02-01", "2023-03-01", affected_too=("Jane Miller",),
        text=f"Tom Baker was arrested by the {OTHER_PD}. The {PD} arrested Jane Miller in 2020.",
        more=({"type": "misidentification_arrest", "date": "2020", "people": ("Jane Miller",),
               "organizations": ((PD, "police_agency"),)},),
    )  # fmt: skip
    assert (old, new) in {tuple(sorted(ids, key=[old, new].index)) for ids in persons(news.link()) if len(ids) == 2}
