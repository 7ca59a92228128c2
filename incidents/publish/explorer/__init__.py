"""index.html of a release: a page to search, chart and read the incidents. Its front end is bundled by `make setup`."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from incidents.publish import database

FOLDER = "explorer"
ALL_AT_ONCE = 100_000  # rows of a row group of what every visitor reads
# One incident's details cost one small request; so many are made at a time, since they are large.
DETAILS, BATCH = 32, 4096
WASM = "duckdb.wasm"


def write(release: Path) -> bool:
    """Write the page's data and front end beside a release's database; False where no front end was built."""
    built = files("incidents.publish.explorer").joinpath("dist")
    if not built.joinpath("app.js").is_file():
        return False
    target = release / FOLDER
    with as_file(built) as folder:
        shutil.copytree(folder, target)
    with database.bounded(release) as connection:
        database.attach(connection, release)
        connection.execute(files("incidents.publish.explorer").joinpath("explorer.sql").read_text())
        for name in ("charts", "titles"):
            rows = connection.sql(f"FROM {name}").to_arrow_table()
            pq.write_table(rows, target / f"{name}.parquet", compression="zstd", row_group_size=ALL_AT_ONCE)
        _write_details(connection, target / "details.parquet")
    return True


def _write_details(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    query = files("incidents.publish.explorer").joinpath("details.sql").read_text()
    ids = [key for (key,) in connection.execute("SELECT incident_id FROM incidents ORDER BY ALL").fetchall()]
    writer = None
    for start in range(0, max(len(ids), 1), BATCH):
        batch = ids[start : start + BATCH] or [""]
        rows = connection.sql(query, params={"first": batch[0], "last": batch[-1]}).to_arrow_table()
        writer = writer or pq.ParquetWriter(path, rows.schema, compression="zstd")
        writer.write_table(rows, row_group_size=DETAILS)
    if writer:
        writer.close()
