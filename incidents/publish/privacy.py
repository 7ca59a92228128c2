"""The name policy: who may be named in public, and how the names of all others leave everything published.

A person is named only where `name_policy` is one of ALLOWED; everybody else becomes a display label in titles, quotes,
values and addresses. docs/ethics.md gives the reasons.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incidents.extract.contract import QUOTE_LIMIT
from incidents.publish.checks import Failure
from incidents.publish.names import NameFinder, slug
from incidents.schema import Table
from incidents.tables import BY_NAME

ALLOWED = frozenset({"public_official", "public_figure", "went_public"})
# Nobody else's permission uncovers these.
ABSOLUTE = frozenset({"withheld_minor", "withheld_sexual_assault", "suppressed"})
# The columns that hold words of an article or a name; ids and codes cannot name anybody.
WORDS = {
    "incidents": ("title",),
    "articles": ("title", "authors"),
    "affected_parties": ("display_label",),
    "proceedings": ("court", "docket", "parties"),
    "evidence": ("value", "quote"),
    "organizations": ("name",),
    "organization_aliases": ("alias",),
}
THINGS = ("places", "organizations", "products")


def apply(tables: dict[str, pa.Table], people: pd.DataFrame) -> dict[str, pa.Table]:
    """The tables with every withheld name replaced by its label.

    `people` has one row a person: person_id, name, forms (list), name_policy, display_label, article_ids (list). A full
    name is replaced everywhere, a part of a name only in the articles that tell of this person.
    """
    everywhere = NameFinder(_full_names(people))
    within = _by_article(people)
    articles = _article_of_rows(tables)
    out = dict(tables)
    for name, columns in WORDS.items():
        for column in columns:
            out[name] = _replaced(
                out[name], column, _redacted(out[name].column(column), everywhere, within, articles.get(name))
            )
    evidence = out["evidence"]
    out["evidence"] = _replaced(evidence, "quote", pc.utf8_slice_codeunits(evidence.column("quote"), 0, QUOTE_LIMIT))
    return _hide_addresses(out, people)


def withhold(changes: pa.Table, people: pd.DataFrame) -> pa.Table:
    """The table `changes` without the names that are withheld today: it also tells what stood in earlier releases."""
    everywhere = NameFinder(_full_names(people))
    hidden = pa.array([False] * changes.num_rows, pa.bool_())
    out = changes
    for column in ("old_value", "new_value"):
        values = _redacted(changes.column(column), everywhere)
        hidden = pc.or_(hidden, pc.fill_null(pc.not_equal(values, changes.column(column)), False))
        out = _replaced(out, column, values)
    return _replaced(
        out, "reason", pc.if_else(hidden, pa.scalar("a name is withheld", pa.string()), changes.column("reason"))
    )


def persons(people: pd.DataFrame, tables: dict[str, pa.Table]) -> pd.DataFrame:
    """`people` without those that bear the name of a place, an organization or a product: they are no persons."""
    named = {slug(name) for table in THINGS for name in tables[table].column("name").to_pylist() if name}
    return people[~people["name"].map(slug).isin(named)]


def leaks(tables: dict[str, pa.Table], people: pd.DataFrame) -> list[Failure]:
    """Every published text that still holds the full name of a withheld person."""
    everywhere = NameFinder(_full_names(people))
    names_somebody = _address_test(people)
    found = []
    for name, table in tables.items():
        for column in _texts(BY_NAME[name]):
            values = [value for value in table.column(column).unique().to_pylist() if value]
            bad = [v for v in values if next(everywhere.find(v), None) or (column == "url" and names_somebody(v))]
            rows = table.filter(pc.is_in(table.column(column), pa.array(bad, pa.string())))
            keys = rows.column(BY_NAME[name].key.name).to_pylist()
            found += [Failure(name, key, column, "holds a withheld name", "") for key in keys]
    return found


def _texts(table: Table) -> list[str]:
    """The columns that could hold a name: keys, codes and references are made by us."""
    return [
        column.name
        for column in table.columns[1:]
        if column.type == "text" and not (column.vocabulary or column.references or column.pattern)
    ]


def _labels(rows: pd.DataFrame) -> Iterator[tuple[str, list[str], str | None, str, list[str]]]:
    ordered = rows.sort_values(["name", "person_id"])
    for name, forms, policy, label, articles in zip(
        ordered["name"],
        ordered["forms"],
        ordered["name_policy"],
        ordered["display_label"],
        ordered["article_ids"],
        strict=True,
    ):
        yield name, sorted({name, *forms}), None if policy in ALLOWED else f"[{label}]", policy, list(articles)


def _full_names(people: pd.DataFrame) -> dict[str, str | None]:
    """The full names to replace everywhere: not one that also belongs to somebody who may be named, unless absolute."""
    labels: dict[str, str | None] = {}
    absolute: set[str] = set()
    public: set[str] = set()
    for name, _, label, policy, _ in _labels(people):
        if label is None:
            public.add(name)
        elif len(name.split()) > 1:
            labels[name] = label if labels.get(name, label) == label else "[name withheld]"
            absolute |= {name} if policy in ABSOLUTE else set()
    return {name: label for name, label in labels.items() if name not in public or name in absolute}


def _by_article(people: pd.DataFrame) -> dict[str, NameFinder]:
    """For each article the names, whole and in part, of the people in it; those of people who may be named are kept."""
    labels: dict[str, dict[str, str | None]] = defaultdict(dict)
    for _, forms, label, _, articles in _labels(people):
        for article in articles:
            for form in forms:
                known = labels[article].get(form, label)
                labels[article][form] = label if known == label else "[name withheld]"
    return {article: NameFinder(forms) for article, forms in labels.items()}


def _article_of_rows(tables: dict[str, pa.Table]) -> dict[str, pa.ChunkedArray]:
    """For each row of these tables the article whose words it holds."""
    revisions = tables["article_revisions"]
    row = pc.index_in(tables["evidence"].column("revision_id"), revisions.column("revision_id").combine_chunks())
    return {
        "articles": tables["articles"].column("article_id"),
        "evidence": revisions.column("article_id").take(row),
    }


def _redacted(
    texts: pa.ChunkedArray,
    everywhere: NameFinder,
    within: dict[str, NameFinder] | None = None,
    articles: pa.ChunkedArray | None = None,
) -> pa.ChunkedArray:
    """The texts with the names replaced by their labels, those of `within` only in the rows of their article.

    One sentence stands behind many values: each different text of an article is read once.
    """
    finders = [None, *(within or {}).values()]
    encoded = texts.combine_chunks().dictionary_encode()
    different = [*encoded.dictionary.to_pylist(), None]
    text = pc.fill_null(encoded.indices, len(different) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    whose = _finder_of_rows(articles, within) if within and articles else np.zeros_like(text)
    pairs, rows = np.unique(text * len(finders) + whose, return_inverse=True)
    read = [different[pair // len(finders)] for pair in pairs]
    values = [_redact(value, finders[pair % len(finders)], everywhere) for value, pair in zip(read, pairs, strict=True)]
    return texts if values == read else pa.chunked_array([pa.array(values, pa.string()).take(pa.array(rows))])


def _finder_of_rows(articles: pa.ChunkedArray, within: dict[str, NameFinder]) -> npt.NDArray[np.int64]:
    """For each row the place of its article in `within`, counted from 1; 0 where nobody of that article is known."""
    place = pc.index_in(articles, pa.array(list(within), pa.string()))
    return np.asarray(pc.add(pc.fill_null(place, -1), 1), np.int64)


def _redact(value: str | None, local: NameFinder | None, everywhere: NameFinder) -> str | None:
    if not value:
        return value
    return everywhere.replace(local.replace(value) if local else value)


def _address_test(people: pd.DataFrame) -> Callable[[str], bool]:
    finder = NameFinder({slug(name): "" for name, label in _full_names(people).items() if label})
    return lambda url: next(finder.find(slug(url)), None) is not None


def _hide_addresses(tables: dict[str, pa.Table], people: pd.DataFrame) -> dict[str, pa.Table]:
    """An address that holds a withheld full name is published as the id of its article."""
    names_somebody = _address_test(people)
    out = dict(tables)
    for name in ("articles", "article_urls"):
        table = tables[name]
        hide = pa.array([names_somebody(url) for url in table.column("url").to_pylist()], pa.bool_())
        out[name] = _replaced(table, "url", pc.if_else(hide, table.column("article_id"), table.column("url")))
    return out


def _replaced(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), table.schema.field(column), values)
