"""What questions are made from: the newest release, and the working store behind it, which has names as written."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from incidents.duck import connect
from incidents.errors import UserError
from incidents.link import oversight
from incidents.link.curation import folder
from incidents.publish.releases import latest
from incidents.reviewing.questions import Row, Sentence, Side
from incidents.schema import literal

WORKING = ("articles", "assessments", "mentions", "events")
MOST_SENTENCES = 6
LEDE = 400  # characters


class Store:
    """Answers SQL over views: <table> of the release, linked_<table>, explained_<table> and working_<table>."""

    def __init__(self, data_dir: Path) -> None:
        """Raises UserError where the folder holds no finished run."""
        release, working = latest(data_dir), data_dir / "working"
        if not (working / "explained" / "near.parquet").exists():
            raise UserError(
                f"{data_dir}: no working store to review; make one with: incidents run --data-dir {data_dir}"
            )
        self.data_dir = data_dir
        self._database = connect()
        self._database.execute(f"ATTACH {literal(str(release.path / 'incidents.duckdb'))} AS release (READ_ONLY)")
        self._database.execute("USE release")
        for name in WORKING:
            self._view(f"working_{name}", sorted((working / name).glob("*/*.parquet")))
        for part in ("linked", "explained"):
            for path in sorted((working / part).glob("*.parquet")):
                self._view(f"{part}_{path.stem}", [path])

    def _view(self, name: str, files: Iterable[Path]) -> None:
        listed = ", ".join(literal(str(file)) for file in files)
        self._database.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{listed}])")

    def rows(self, sql: str, **values: Any) -> list[Row]:
        """The rows of a query; $name stands for a value."""
        cursor = self._database.execute(sql, values or None)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def decisions(self) -> oversight.Decisions:
        """What people decided so far, this session's answers included."""
        return oversight.read(folder(self.data_dir))[0]

    def article(self, article_id: str) -> Side:
        """An article as a column: who published it when, how it opens, and the sentences of its events."""
        (row,) = self.rows(
            "SELECT * FROM working_articles WHERE article_id = $id ORDER BY fetched_at DESC LIMIT 1", id=article_id
        )
        events = self.rows(
            "SELECT * FROM working_events WHERE revision_id = $id ORDER BY NOT is_main, start", id=row["revision_id"]
        )
        sentences = {event["quote"]: Sentence(_told(event), event["quote"]) for event in reversed(events)}
        told = [sentences[quote] for quote in dict.fromkeys(event["quote"] for event in events)]
        lede = Sentence("opens with", " ".join(row["text"].split())[:LEDE])
        about = f"{row['publisher'] or row['canonical_url']}, {row['published_on'] or 'no date'}, {article_id}"
        return Side(row["title"] or "(no title)", about, (lede, *told[:MOST_SENTENCES]), row["canonical_url"])


def _told(event: Row) -> str:
    """An event in a few words."""
    bodies = ", ".join(entry["name"] for entry in json.loads(event["organizations"]))
    parts = (event["type"].replace("_", " "), event["date"] or "no date", event["place"], bodies)
    return "; ".join([*(part for part in parts if part), *event["people"]])
