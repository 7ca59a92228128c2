"""Linking over a data folder: what is there is read, and only what changed is described and written anew.

working/linked/<table>.parquet      the tables, people.parquet and registry.jsonl
working/explained/<table>.parquet   incidents.link.why
working/linking/<table>.parquet     what else the next run may use (incidents.link.kept)
working/linking/made.json           by what these were made, and the digest of each; it is written last, so that a run
                                    that was broken off leaves nothing to use
"""

import json
import logging
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from incidents.files import replacing, sha256, write_text
from incidents.ids import digest
from incidents.link import LINKER_VERSION, describing, kept, linking
from incidents.link.kept import DECIDED, GROUPS, LONG, PORTRAITS, Kept
from incidents.link.linking import Linked
from incidents.link.oversight import Decisions
from incidents.link.registry import Registry
from incidents.link.store import Store
from incidents.link.units import COMPARED
from incidents.parquet import write_table
from incidents.publish import REGISTRY
from incidents.reference import Reference
from incidents.tables import SCHEMA_VERSION
from incidents.working import EXPLAINED, LINKED, PEOPLE

LINKING = "linking"
MADE = "made.json"
# The columns by which the long tables are sorted.
LONG_TABLES = {"evidence": ("evidence_id",), "choices": ("row_id", "field", "value", "rule", "table_name")}
ROW_GROUP = 100_000

log = logging.getLogger(__name__)


def update(
    data_dir: Path,
    registry: Registry,
    decided: Decisions,
    reference: Reference,
    release: str,
    made_by: Mapping[str, str],
) -> Linked:
    """Link everything in a data folder, and write what came of it; `made_by` is for the footers of the files.

    Raises UserError where people's decisions contradict each other.
    """
    working, maker = data_dir / "working", _maker(reference)
    news, before = Store.of(data_dir).news(maker, reference), _load(working, maker)
    is_first = before is None
    linked = linking.run(news, before or Kept.nothing(), registry, decided, reference, release)
    del news, before  # room for the long tables
    pa.default_memory_pool().release_unused()
    (working / LINKING / MADE).unlink(missing_ok=True)
    files = _write(working, linked, made_by, is_first)
    digests = {path.relative_to(working).as_posix(): sha256(path) for path in files}
    write_text(working / LINKING / MADE, json.dumps({"maker": maker, "files": digests}, indent=1))
    return linked


def _maker(reference: Reference) -> str:
    """Stands for the code of linking with its weights, the tables' schema and the reference data."""
    files = sorted(path for path in Path(__file__).parent.iterdir() if path.is_file())
    return digest(LINKER_VERSION, SCHEMA_VERSION, reference.digest, *(sha256(path) for path in files))


def _load(working: Path, maker: str) -> Kept | None:
    """What the last run left; nothing where other code or reference data made it or a file is not as it was left."""
    if not (working / LINKING / MADE).exists():
        log.info("nothing is kept of a former run")
        return None
    problem = _problem(working, maker)
    if problem:
        log.warning("%s: every incident is described anew", problem)
        return None
    parts = {
        name: _read(working, _folder(name), name, schema)
        for name, schema in describing.SCHEMAS.items()
        if name not in LONG
    }
    return Kept(
        _read(working, LINKING, "groups", GROUPS),
        _read(working, LINKING, "portraits", PORTRAITS),
        _read(working, LINKED, PEOPLE, kept.PEOPLE),
        parts,
        _read(working, LINKING, "compared", COMPARED),
        _read(working, EXPLAINED, "decisions", DECIDED),
    )


def _problem(working: Path, maker: str) -> str | None:
    """Why nothing of the last run can be used."""
    path = working / LINKING / MADE
    try:
        made: dict[str, Any] = json.loads(path.read_bytes())
        by, files = made["maker"], sorted(made["files"].items())
    except (ValueError, TypeError, KeyError, AttributeError):
        return f"{path} cannot be read"
    if by != maker:
        return f"{path} is of another version or other reference data"
    for name, was in files:
        if not (working / name).is_file() or sha256(working / name) != was:
            return f"{working / name} is not as the last run left it"
    return None


def _write(working: Path, linked: Linked, made_by: Mapping[str, str], is_first: bool) -> list[Path]:
    """Write everything, the people last: their footer says that all is there. Returns what the next run may use."""
    state = linked.kept
    linked.registry.save(working / LINKED / REGISTRY)
    tables = {(LINKED, name): table for name, table in linked.tables.items()}
    tables |= {(EXPLAINED, name): table for name, table in linked.explained.items()}
    own = {(LINKING, name): state.parts[name] for name in state.parts if _folder(name) == LINKING}
    own |= {(LINKING, "groups"): state.groups, (LINKING, "portraits"): state.portraits}
    own |= {(LINKING, "compared"): state.compared, (LINKED, PEOPLE): state.people}
    for (folder, name), table in (tables | own).items():
        path, told = working / folder / f"{name}.parquet", table.replace_schema_metadata(made_by)
        if name in LONG_TABLES:
            splice(path, told, LONG_TABLES[name], None if is_first else linked.stale)
        else:
            write_table(path, told.combine_chunks())
    again = [*own, *((_folder(name), name) for name in state.parts), *((LINKED, "evidence"), (EXPLAINED, "choices"))]
    return sorted({working / folder / f"{name}.parquet" for folder, name in (*again, (EXPLAINED, "decisions"))})


def _folder(part: str) -> str:
    return LINKED if part in describing.PUBLISHED else LINKING


def _read(working: Path, folder: str, name: str, schema: pa.Schema) -> pa.Table:
    path = working / folder / f"{name}.parquet"
    return pq.read_table(path, columns=schema.names, partitioning=None).cast(schema)


def splice(path: Path, new: pa.Table, by: Sequence[str], stale: set[str] | None) -> None:
    """Write a long table: the rows that are there, without those on a stale row, and the new ones, sorted by `by`.

    `stale` is None where nothing is there that counts. What is written depends on the rows alone.
    """
    order = [(name, "ascending") for name in by]
    with (
        replacing(path) as sink,
        pq.ParquetWriter(
            sink, new.schema, compression="zstd", write_page_index=True, write_page_checksum=True
        ) as writer,
    ):
        waiting, rows = [], 0
        for batch in _merged(path if stale is not None else None, new.sort_by(order), by[0], stale or set()):
            waiting.append(batch.sort_by(order))
            rows += batch.num_rows
            while rows >= ROW_GROUP:
                table = pa.concat_tables(waiting).combine_chunks()
                writer.write_table(table.slice(0, ROW_GROUP), row_group_size=ROW_GROUP)
                waiting, rows = [table.slice(ROW_GROUP)], rows - ROW_GROUP
        writer.write_table(pa.concat_tables([new.schema.empty_table(), *waiting]).combine_chunks())


def _merged(path: Path | None, new: pa.Table, key: str, stale: set[str]) -> Iterator[pa.Table]:
    """The rows of both, in the order of the keys from one table to the next."""
    done = 0
    if path is not None:
        gone = pa.array(sorted(stale), pa.string())
        keys = new[key].to_pylist()
        with pq.ParquetFile(path) as before:
            for number in range(before.num_row_groups):
                table = before.read_row_group(number).replace_schema_metadata(None)
                until = bisect_right(keys, table[key][-1].as_py(), done) if table.num_rows else done
                stays = table.filter(pc.invert(pc.is_in(table["row_id"], value_set=gone)))
                yield pa.concat_tables([stays, new.slice(done, until - done)])
                done = until
    yield new.slice(done)
