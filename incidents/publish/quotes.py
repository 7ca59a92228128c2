"""How much of one article is quoted: few sentences, those first without which a published value would have none."""

import pyarrow as pa
import pyarrow.compute as pc

from incidents.duck import connect

MOST = 20  # different quotes of one article


def limit(evidence: pa.Table, revisions: pa.Table) -> pa.Table:
    """The evidence without the quotes that one article has too many of.

    A published value that only this article supports keeps its sentence; then published values come before those that
    lost, and higher scores before lower.
    """
    with connect() as connection:
        connection.register("evidence", evidence)
        connection.register("revisions", revisions)
        surplus = connection.sql(
            f"""
            WITH told AS (SELECT e.*, r.article_id FROM evidence e JOIN revisions r USING (revision_id)),
            crowded AS (SELECT article_id FROM told GROUP BY ALL HAVING count(DISTINCT quote) > {MOST}),
            inside AS (SELECT * FROM told SEMI JOIN crowded USING (article_id)),
            backing AS (
                SELECT table_name, row_id, field, count(DISTINCT article_id) AS articles
                FROM told SEMI JOIN inside USING (table_name, row_id, field) WHERE selected GROUP BY ALL),
            quotes AS (
                SELECT article_id, quote, bool_or(selected AND articles = 1) AS needed, bool_or(selected) AS wanted,
                       max(score) AS score
                FROM inside LEFT JOIN backing USING (table_name, row_id, field) GROUP BY ALL),
            ranked AS (
                SELECT article_id, quote, needed, row_number() OVER (
                    PARTITION BY article_id ORDER BY needed DESC, wanted DESC, score DESC, quote) AS place
                FROM quotes)
            SELECT evidence_id FROM inside JOIN ranked USING (article_id, quote) WHERE place > {MOST} AND NOT needed
            """
        ).to_arrow_table()
    kept = pc.invert(pc.is_in(evidence.column("evidence_id"), surplus.column("evidence_id").combine_chunks()))
    return evidence.filter(kept) if surplus.num_rows else evidence
