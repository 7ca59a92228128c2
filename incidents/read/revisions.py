"""One row per text of an article, however often and under however many addresses it was fetched."""

from typing import Any

import pyarrow as pa

from incidents import working


def merge_revisions(articles: pa.Table) -> pa.Table:
    """Rows with one revision_id become the first fetched of them, with the addresses of all; sorted by revision_id."""
    keys = [(name, "ascending") for name in ("revision_id", "fetched_at", "archive_file", "archive_offset")]
    merged: dict[str, dict[str, Any]] = {}
    for row in articles.sort_by(keys).to_pylist():
        first = merged.setdefault(row["revision_id"], row)
        if first is not row:
            first["urls"] += row["urls"]
    for row in merged.values():
        row["urls"] = sorted(
            {(u["url"], u["relation"]): u for u in row["urls"]}.values(), key=lambda u: (u["url"], u["relation"])
        )
    return pa.Table.from_pylist(list(merged.values()), schema=working.ARTICLES)
