"""Engines: one function over many files, on this machine's cores or on a Spark cluster.

A stage takes the name of one file (a path, http(s):// or s3://) and gives Arrow batches of one schema. Its rows go to
one Parquet file, written whole or not at all in a folder that every worker reaches, so that a second run does only what
is missing and both engines leave the same bytes. What became of each file is an Outcome; no file stops the others.
"""

import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from incidents.errors import UserError
from incidents.files import replacing
from incidents.ids import digest
from incidents.parquet import read_metadata
from incidents.ranges import is_remote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FILE, MADE_BY = "file", "made_by"  # footer keys of a result: the file it is of, and the stage's own mark
TRIES = 3  # of a file whose server fails or whose worker is lost
LOST = "the worker was lost: killed, or out of memory"
_PAUSE = 2.0  # seconds before the second try, twice that before the third
# In local mode the JVM only hands out files: without its optimizing compiler it takes half the processor's time.
_LIGHT_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_UNPACKED = "environment"  # the folder, in a Spark worker's own
_PASSING = (ConnectionError, TimeoutError)


class Stage(Protocol):
    """A function from a file to batches of `schema`; it is pickled to the workers. `made_by` marks its results."""

    @property
    def schema(self) -> pa.Schema: ...

    @property
    def made_by(self) -> str: ...

    def __call__(self, file: str) -> Iterator[pa.RecordBatch]:
        """Raises whatever makes the file unreadable; ConnectionError and TimeoutError are worth another try."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the rows of its result, or why there is none."""

    file: str
    ok: bool
    reason: str
    rows: int


OUTCOMES = pa.schema([("file", pa.string()), ("ok", pa.bool_()), ("reason", pa.string()), ("rows", pa.int64())])
Work = Callable[[str], Outcome]
Engine = Callable[[Work, Sequence[str]], Iterator[Outcome]]


def run(stage: Stage, files: Iterable[str], folder: Path, engine: Engine) -> Iterator[Outcome]:
    """Run a stage over the files that have no result in `folder` yet; the outcomes come in the order of their end."""
    folder.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.glob(".*.tmp"):
        left_behind.unlink()
    yield from engine(partial(perform, stage, folder), missing(stage, files, folder))


def missing(stage: Stage, files: Iterable[str], folder: Path) -> list[str]:
    """The files that have no result by this stage, sorted, each once."""
    return [
        file for file in sorted(set(files)) if read_metadata(result(folder, file)).get(MADE_BY) != mark(stage, file)
    ]


def mark(stage: Stage, file: str) -> str:
    """What a result was made by and from: a local file that grew is another one, what has an address never changes."""
    path = Path(file)
    return digest(stage.made_by, path.stat().st_size if not is_remote(file) and path.exists() else None)


def result(folder: Path, file: str) -> Path:
    """Where the result of a file lies."""
    name = PurePosixPath(urlsplit(file).path or file).name.split(".")[0]
    return folder / f"{name}-{digest(file)}.parquet"


def perform(stage: Stage, folder: Path, file: str) -> Outcome:
    """Run a stage over one file, in the worker; whatever goes wrong is the outcome. A file that is done is left."""
    if not missing(stage, [file], folder):
        return Outcome(file, True, "", pq.read_metadata(result(folder, file)).num_rows)
    for tried in range(1, TRIES + 1):
        try:
            return Outcome(file, True, "", _written(stage, file, result(folder, file)))
        except _PASSING as error:
            if tried == TRIES:
                return Outcome(file, False, f"{error} (tried {TRIES} times)", 0)
            time.sleep(_PAUSE * tried)
        except Exception as error:  # one file must not stop the others: it is recorded
            return Outcome(file, False, _reason(error), 0)
    raise AssertionError("the last try returns")


def _written(stage: Stage, file: str, target: Path) -> int:
    """Write the result and return its rows."""
    schema, rows = stage.schema.with_metadata({FILE: file, MADE_BY: mark(stage, file)}), 0
    with replacing(target) as sink, pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in stage(file):
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))
            rows += batch.num_rows
    return rows


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = " ".join(str(error).split())[:300]
    return text if isinstance(error, OSError | UserError) else f"{type(error).__name__}: {text}"


@dataclass(frozen=True)
class Local:
    """Processes of this machine, one file each at a time.

    A worker that is lost takes the pool with it, so the files that were under way are then done one by one alone, and
    the one that kills its worker every time is given up.
    """

    processes: int

    def __call__(self, work: Work, files: Sequence[str]) -> Iterator[Outcome]:
        waiting = deque(files)
        while waiting:
            suspects: list[str] = []
            yield from self._pooled(work, waiting, suspects)
            for file in suspects:
                yield _alone(work, file)

    def _pooled(self, work: Work, waiting: deque[str], suspects: list[str]) -> Iterator[Outcome]:
        """Work in one pool until all is done or a worker is lost; `suspects` gets what was under way then."""
        with _pool(min(self.processes, len(waiting))) as pool:
            under_way: dict[Future[Outcome], str] = {}
            while (waiting or under_way) and not suspects:
                try:
                    while waiting and len(under_way) < self.processes:
                        future = pool.submit(work, waiting[0])
                        under_way[future] = waiting.popleft()
                    for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                        yield done.result()
                        del under_way[done]
                except BrokenProcessPool:
                    suspects += under_way.values()


def _alone(work: Work, file: str) -> Outcome:
    for _ in range(TRIES - 1):
        with _pool(1) as pool:
            try:
                return pool.submit(work, file).result()
            except BrokenProcessPool:
                continue
    return Outcome(file, False, LOST, 0)


def _pool(processes: int) -> ProcessPoolExecutor:
    """Spawned, not forked: a forked child may inherit a lock that nobody frees."""
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


@dataclass(frozen=True)
class Spark:
    """A Spark 4 cluster, one task for each file. Every worker reaches files and results by the same names.

    `environment` is a packed environment that each worker unpacks (make spark-env); without one, every worker has this
    package where the driver has it. Spark unpacks on a cluster's workers only, not in local mode.
    """

    master: str
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None

    def __call__(self, work: Work, files: Sequence[str]) -> Iterator[Outcome]:
        if not files:
            return
        spark = session(self.master, self.settings, self.environment)
        try:
            yield from _on_cluster(spark, work, list(files))
        finally:
            spark.stop()


def session(master: str, settings: Mapping[str, str], environment: str | None = None) -> "SparkSession":
    """A Spark session; UserError where PySpark is not installed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError(
            "--engine spark needs PySpark: install the extra, facial-recognition-incidents[spark]"
        ) from None
    builder = SparkSession.builder.master(master).appName("incidents").config("spark.sql.session.timeZone", "UTC")
    if master.startswith("local"):
        builder = builder.config("spark.driver.extraJavaOptions", _LIGHT_JVM)
    if environment:
        os.environ["PYSPARK_PYTHON"] = f"./{_UNPACKED}/bin/python"
        builder = builder.config("spark.archives", f"{environment}#{_UNPACKED}")
    else:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _on_cluster(spark: "SparkSession", work: Work, files: list[str]) -> Iterator[Outcome]:
    """One job; where it fails, halves of what it left undone, until the file that kills its worker is alone.

    Spark gives up a whole job for one task that was lost four times.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        table = spark.range(0, len(files), 1, len(files)).mapInArrow(partial(_outcomes, work, files), _SPARK_OUTCOMES)
        yield from (Outcome(**row.asDict()) for row in table.collect())
    except (PySparkException, Py4JJavaError):
        if len(files) == 1:
            yield Outcome(files[0], False, LOST, 0)
        else:
            half = len(files) // 2
            yield from _on_cluster(spark, work, files[:half])
            yield from _on_cluster(spark, work, files[half:])


_SPARK_OUTCOMES = "file string, ok boolean, reason string, rows bigint"


def _outcomes(work: Work, files: Sequence[str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What mapInArrow runs in a worker: numbers of files in, outcomes out."""
    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield pa.RecordBatch.from_pylist([asdict(work(files[number]))], schema=OUTCOMES)
