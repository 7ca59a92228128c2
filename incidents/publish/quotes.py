"""How much of one article is quoted: few sentences, those first without which a published value would have none."""

import pyarrow as pa

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
        return connection.sql(
            f"""
            WITH told AS (SELECT e.*, r.article_id FROM evidence e JOIN revisions r USING (revision_id)),
            backing AS (
                SELECT table_name, row_id, field, count(DISTINCT article_id) AS articles
                FROM told WHERE selected GROUP BY ALL),
            quotes AS (
                SELECT article_id, quote, bool_or(selected AND articles = 1) AS needed, bool_or(selected) AS wanted,
                       max(score) AS score
                FROM told LEFT JOIN backing USING (table_name, row_id, field) GROUP BY ALL),
            ranked AS (
                SELECT article_id, quote, needed, row_number() OVER (
                    PARTITION BY article_id ORDER BY needed DESC, wanted DESC, score DESC, quote) AS place
                FROM quotes)
            SELECT told.* EXCLUDE (article_id) FROM told JOIN ranked USING (article_id, quote)
            WHERE place <= {MOST} OR needed ORDER BY evidence_id
            """
        ).to_arrow_table()
