import pytest

from incidents.link import settings
from incidents.link.training import b_cubed, problem, score, search, split
from incidents.reference import Reference


def test_b_cubed():
    assert b_cubed([["a", "a"], ["b"]]) == 1.0
    assert b_cubed([["a", "b"]]) == pytest.approx(2 * 0.5 / 1.5)
    assert b_cubed([["a"], ["a"]]) == pytest.approx(2 * 0.5 / 1.5)


def test_halves_share_no_event():
    one, other = split({f"art-{n}": f"event-{n % 5}" for n in range(20)}, 1)
    assert not set(one.values()) & set(other.values())
    assert len(one) + len(other) == 20


def test_a_search_never_gets_worse(news):
    from incidents.link import corpus

    event_of = {}
    for number, person in enumerate(("Jane Miller", "Tom Baker", "Ana Costa")):
        for paper in range(3):
            agency, day = f"Town{number} Police Department", f"2022-0{number + 1}-03"
            event_of[news.arrest(f"p{number}{paper}", person, agency, day, "2022-05-01")] = person
    tried = problem(list(corpus.build(*news.frames()).articles.values()), event_of, Reference())
    weights = {"other_person": 0.0, "same_person": 0.01}
    poor = settings.load().stories.model_copy(update={"weights": weights, "threshold": 0.5, "doubt": 0.5})
    found, value = search([tried], poor)
    assert value > score(tried, poor)
    assert value == score(tried, found)
