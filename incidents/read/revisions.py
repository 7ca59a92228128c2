"""The same text fetched several times is one revision."""

import pyarrow as pa

from incidents.working import ARTICLES

_STRONGEST_FIRST = ("canonical", "amp", "redirect", "tracking")


def merge_revisions(articles: pa.Table) -> pa.Table:
    """One row of working.ARTICLES for each revision_id: the row first fetched, with the addresses of all.

    Sorted by revision_id. An address that stands in several rows keeps its strongest relation.
    """
    order = [(name, "ascending") for name in ("revision_id", "fetched_at", "archive_file", "archive_offset")]
    merged: dict[str, dict[str, object]] = {}
    relations: dict[str, dict[str, str]] = {}
    for row in articles.sort_by(order).to_pylist():
        key = row["revision_id"]
        merged.setdefault(key, row)
        known = relations.setdefault(key, {})
        for seen in row["urls"]:
            known[seen["url"]] = min(known.get(seen["url"], "tracking"), seen["relation"], key=_STRONGEST_FIRST.index)
    for key, row in merged.items():
        row["urls"] = [{"url": url, "relation": relation} for url, relation in sorted(relations[key].items())]
    return pa.Table.from_pylist(list(merged.values()), schema=ARTICLES)
