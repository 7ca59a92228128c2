import random

import pytest

from incidents.link.registry import Registry, assign, load, mint


def run(registry, *clusters, release="r"):
    return assign(registry, [list(cluster) for cluster in clusters], release)


def test_an_id_is_made_from_the_founding_article():
    first = mint("art-1", [])
    assert first == mint("art-1", [])
    assert first.startswith("FRI-")
    assert len(first) == 12


def test_a_collision_gets_another_id():
    assert mint("art-1", [mint("art-1", [])]) != mint("art-1", [])


def test_a_rerun_changes_nothing():
    registry, ids = run(Registry(), "ab", "c")
    again, same = run(registry, "ab", "c", release="later")
    assert same == ids
    assert again.lines == registry.lines


def test_a_grown_incident_keeps_its_id():
    registry, (old,) = run(Registry(), "bc")
    _, (new,) = run(registry, "abcd")
    assert new == old


def test_a_merge_keeps_the_larger_and_redirects_the_other():
    registry, (large, small) = run(Registry(), "abc", "de")
    merged, ids = run(registry, "abcde")
    assert ids == [large]
    assert (merged.redirects[small].new_id, merged.redirects[small].reason) == (large, "merge")


def test_the_older_wins_a_tie():
    registry, (older,) = run(Registry(), "ab")
    registry, (_, newer) = run(registry, "ab", "cd")
    _, ids = run(registry, "cdab")
    assert ids == [older]
    assert older != newer


def test_a_split_keeps_the_larger_and_says_where_the_rest_came_from():
    registry, (old,) = run(Registry(), "abc")
    split, (small, large) = run(registry, "a", "bc")
    assert large == old
    assert split.split_from[small] == old
    assert old not in split.redirects


def test_an_id_is_never_used_again():
    registry, (large, small) = run(Registry(), "abc", "de")
    merged, _ = run(registry, "abcde")
    again, (_, back) = run(merged, "abc", "de")
    assert back not in (large, small)
    assert again.final(small) == large


def test_an_incident_without_articles_is_withdrawn():
    registry, (old,) = run(Registry(), "ab")
    gone, _ = run(registry)
    assert (gone.redirects[old].new_id, gone.redirects[old].reason) == (None, "withdrawn")


def test_redirects_are_followed_to_the_end():
    registry, (one, two, three) = run(Registry(), "abcd", "efg", "hi")
    registry, _ = run(registry, "abcd", "efghi")
    registry, _ = run(registry, "abcdefghi")
    assert registry.final(three) == registry.final(one) == two


def test_the_order_of_clusters_does_not_matter():
    clusters = [[f"art-{n}-{m}" for m in range(n % 4 + 1)] for n in range(30)]
    shuffled = [*clusters[1::2], *clusters[::2]]
    one, ids = run(Registry(), *clusters)
    other, shuffled_ids = run(Registry(), *shuffled)
    assert one.lines == other.lines
    assert dict(zip(map(tuple, clusters), ids, strict=True)) == dict(
        zip(map(tuple, shuffled), shuffled_ids, strict=True)
    )


def test_it_is_kept_on_disk(tmp_path):
    registry, _ = run(Registry(), "abc", "de")
    registry, _ = run(registry, "abcde")
    path = tmp_path / "registry" / "incidents.jsonl"
    registry.save(path)
    loaded, rejects = load(path)
    assert rejects == []
    assert (loaded.lines, loaded.members, loaded.redirects) == (registry.lines, registry.members, registry.redirects)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting"),
        ('{"op": "sing"}', "not an entry"),
        (
            '{"op": "redirect", "old_id": "FRI-2", "new_id": "FRI-1", "reason": "merge", "release": "r"}',
            "merged or withdrawn",
        ),
        ('{"op": "mint", "incident_id": "FRI-1", "founding_article": "b"}', "minted twice"),
        ('{"op": "redirect", "old_id": "FRI-1", "new_id": "FRI-2", "reason": "merge", "release": "r"}', "circle"),
        ('{"op": "members", "incident_id": "FRI-9", "joined": [], "left": []}', "never minted"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_number(tmp_path, line, reason):
    path = tmp_path / "incidents.jsonl"
    good = [
        '{"op": "mint", "incident_id": "FRI-1", "founding_article": "a"}',
        '{"op": "mint", "incident_id": "FRI-2", "founding_article": "b"}',
        '{"op": "redirect", "old_id": "FRI-2", "new_id": "FRI-1", "reason": "merge", "release": "r"}',
    ]
    path.write_text("\n".join([*good, line]), encoding="utf-8")
    registry, (reject,) = load(path)
    assert registry.live == ["FRI-1"]
    assert reject.line == 4
    assert reason in reject.reason
    assert len(registry.lines) == 4


def test_a_year_of_arrivals_leaves_no_dead_id():
    """Articles come in random order, with backfills; every id ever given still leads to the incident of its founder."""
    chance = random.Random(11)  # noqa: S311
    truth = {f"art-{number:03}": chance.randrange(40) for number in range(400)}
    arrivals = chance.sample(sorted(truth), len(truth))
    registry, changed, before = Registry(), 0, {}
    for month in range(1, 13):
        seen = arrivals[: month * 34]
        clusters = {}
        for article in seen:
            clusters.setdefault(truth[article], []).append(article)
        registry, ids = assign(registry, [sorted(group) for group in clusters.values()], f"month-{month}")
        now = {a: i for i, group in zip(ids, clusters.values(), strict=True) for a in group}
        changed += sum(now[article] != incident for article, incident in before.items())
        before = now
    assert changed == 0
    assert all(registry.final(incident) == before[founder] for incident, founder in registry.founding.items())


def test_lines_of_an_older_version_are_read(tmp_path):
    path = tmp_path / "incidents.jsonl"
    lines = (
        '{"op": "mint", "incident_id": "FRI-1", "founding_article": "b"}',
        '{"op": "members", "incident_id": "FRI-1", "articles": ["b", "a"], "release": "r"}',
        '{"op": "members", "incident_id": "FRI-1", "joined": ["c"], "left": ["b"], "release": "s"}',
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    registry, rejects = load(path)
    assert (registry.members, rejects) == ({"FRI-1": ["a", "c"]}, [])
