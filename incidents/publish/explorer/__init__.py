"""index.html of a release: a page to search, chart and read the incidents. Its front end is bundled by `make setup`."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pyarrow.parquet as pq

from incidents.duck import connect
from incidents.schema import literal
from incidents.tables import TABLES

FOLDER = "explorer"
# Rows that the page fetches at once: one incident's details cost one small request.
ROWS = {"charts": 100_000, "titles": 100_000, "details": 32}
WASM = "duckdb.wasm"


def write(release: Path) -> bool:
    """Write the page's data and front end beside the Parquet files of a release; False where no front end was built."""
    built = files("incidents.publish.explorer").joinpath("dist")
    if not built.joinpath("app.js").is_file():
        return False
    target = release / FOLDER
    with as_file(built) as folder:
        shutil.copytree(folder, target)
    with connect() as connection:
        for table in TABLES:
            source = literal(str(release / "parquet" / f"{table.name}.parquet"))
            if Path(source[1:-1]).exists():
                connection.execute(f'CREATE VIEW "{table.name}" AS FROM read_parquet({source})')
        connection.execute(files("incidents.publish.explorer").joinpath("explorer.sql").read_text())
        for name, rows in ROWS.items():
            table = connection.sql(f"FROM {name}").to_arrow_table()
            pq.write_table(table, target / f"{name}.parquet", compression="zstd", row_group_size=rows)
    return True
