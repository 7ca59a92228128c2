"""The working store as linking reads it: partitions prepared once, articles read when they are asked for.

working/linking/prepared/<group>/<day>.parquet    prepare.SCHEMA, made again when it is damaged, or when the partition,
                                                  the code or the reference data changed
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from incidents import working
from incidents.errors import UserError
from incidents.ids import digest
from incidents.link import corpus, prepare
from incidents.link.columns import isin, lists_by
from incidents.link.corpus import Article, Corpus, Row
from incidents.link.linking import News
from incidents.link.organizations import Directory
from incidents.outdated import INPUTS, is_made_from
from incidents.parquet import read_metadata, read_table, write_table
from incidents.read.revisions import merge_revisions
from incidents.reference import Reference

PREPARED = "linking/prepared"
FEW = 8  # partitions that are prepared without other processes
PLACE = "partition"  # column of prepared texts: the partition in which they lie, by its number
READERS = 2  # files read at a time

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Store:
    """The partitions of a data folder by their names, <group>/<day>."""

    folder: Path
    partitions: Sequence[str]

    @classmethod
    def of(cls, data_dir: Path) -> "Store":
        """All partitions that hold articles."""
        folder = data_dir / "working"
        return cls(folder, _names(folder / "articles"))

    def news(self, maker: str, reference: Reference) -> News:
        """All articles as they are prepared; `maker` stands for the code and the reference data that do it."""
        preparing = _Preparing(self, {name: self._made_from(name, maker) for name in self.partitions}, reference)
        self._prepare(preparing)
        news = News(self._texts(preparing), self._corpus)
        pa.default_memory_pool().release_unused()
        return news

    def _texts(self, preparing: "_Preparing") -> pa.Table:
        """All prepared partitions, each text with the place of its own."""
        with ThreadPoolExecutor(READERS) as pool:
            tables = [*pool.map(partial(self._prepared, preparing=preparing), self.partitions)]
        places = np.repeat(np.arange(len(tables), dtype=np.int32), [table.num_rows for table in tables])
        texts = pa.concat_tables([prepare.SCHEMA.empty_table(), *tables])
        return texts.append_column(PLACE, pa.array(places))

    def _prepare(self, preparing: "_Preparing") -> None:
        """Prepare the partitions that are new or changed, on all cores where they are many."""
        for left in {*_names(self.folder / PREPARED)} - {*self.partitions}:
            self.file(PREPARED, left).unlink()
        made = preparing.made_from.items()
        outdated = [name for name, inputs in made if not is_made_from([self.file(PREPARED, name)], inputs)]
        for name in outdated:
            log.info("%s is prepared: it is missing, damaged or made from something else", self.file(PREPARED, name))
        if len(outdated) <= FEW:
            for name in outdated:
                preparing(name)
        else:
            with ProcessPoolExecutor(
                mp_context=get_context("spawn"), initializer=_begin, initargs=(preparing,)
            ) as pool:
                list(pool.map(_prepare, outdated))

    def _made_from(self, name: str, maker: str) -> str:
        return digest(maker, *(read_metadata(self.file(table, name)).get(INPUTS) for table in working.SCHEMAS))

    def _prepared(self, name: str, preparing: "_Preparing") -> pa.Table:
        """A prepared partition; one that is damaged is made again."""
        file = self.file(PREPARED, name)
        try:
            return _read(file, prepare.SCHEMA)
        except UserError as error:
            log.warning("%s is made again: %s", file, error)
            preparing(name)
            return _read(file, prepare.SCHEMA)

    def rows(self, name: str, revision_ids: Collection[str] | None = None) -> dict[str, pa.Table]:
        """The working rows of a partition, or those on some texts, by table."""
        found = {table: self._rows(table, name, revision_ids) for table in working.SCHEMAS}
        return found | {"articles": merge_revisions(found["articles"])}

    def bodies(self, name: str, revision_ids: Collection[str]) -> list[Row]:
        """Title and text of some articles of a partition."""
        columns = ["article_id", "revision_id", "title", "text"]
        rows: list[Row] = self._rows("articles", name, revision_ids, columns).to_pylist()
        return rows

    def _rows(
        self, table: str, name: str, revision_ids: Collection[str] | None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        found = _read(self.file(table, name), working.SCHEMAS[table], columns)
        return found if revision_ids is None else found.filter(isin(found["revision_id"], revision_ids))

    def file(self, table: str, name: str) -> Path:
        """Where a partition of a table lies."""
        return self.folder / table / f"{name}.parquet"

    def _corpus(self, texts: pa.Table, current: pa.Table) -> Corpus:
        places = zip(current[PLACE].to_pylist(), current["revision_id"].to_pylist(), strict=True)
        where = dict(zip(current["article_id"].to_pylist(), places, strict=True))
        organizations = current.select(["article_id", "organizations"])
        return _Stored(_Articles(self, where), (), self, organizations, texts.select(["revision_id", PLACE]))


@dataclass(frozen=True)
class _Preparing:
    """Prepares partitions, one after the other; `made_from` says what each is made from."""

    store: Store
    made_from: Mapping[str, str]
    reference: Reference

    def __call__(self, name: str) -> None:
        texts = corpus.revisions(**self.store.rows(name))
        ready = prepare.prepare(texts, self._directory, self.reference)
        write_table(self.store.file(PREPARED, name), ready, {INPUTS: self.made_from[name]})

    @cached_property
    def _directory(self) -> Directory:
        return Directory(self.reference)


_here: list[_Preparing] = []  # in a worker process: what it prepares with


def _begin(preparing: _Preparing) -> None:
    _here[:] = [preparing]


def _prepare(name: str) -> None:
    _here[0](name)


class _Articles(Mapping[str, Article]):
    """The articles of a store; one is read when it is asked for, if it was not loaded before."""

    def __init__(self, store: Store, where: Mapping[str, tuple[int, str]]) -> None:
        self._store, self._where = store, where
        self.rewritten: dict[str, Article] = {}
        self._loaded: dict[str, Article] = {}
        self._fetched: set[str] = set()
        self._rows: dict[str, pa.Table] = {name: schema.empty_table() for name, schema in working.SCHEMAS.items()}

    def __getitem__(self, article_id: str) -> Article:
        if article_id in self.rewritten:
            return self.rewritten[article_id]
        if article_id not in self._loaded:
            self.load([article_id])
        return self._loaded[article_id]

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._where))

    def __len__(self) -> int:
        return len(self._where)

    def load(self, article_ids: Iterable[str]) -> None:
        """Make articles of their rows, read where they are not at hand. KeyError for one that is not there."""
        wanted = set(article_ids) - self._loaded.keys()
        if not wanted <= self._fetched:
            self.fetch(wanted)
        revisions = [self._where[article][1] for article in wanted]
        rows = {name: table.filter(isin(table["revision_id"], revisions)) for name, table in self._rows.items()}
        self._loaded |= {article.article_id: article for article in corpus.revisions(**rows)}

    def fetch(self, article_ids: Collection[str]) -> None:
        """Have the rows of these articles at hand, and no others. Those of one partition are read together."""
        wanted = set(article_ids)
        stays = [self._where[article][1] for article in wanted & self._fetched]
        kept = {name: table.filter(isin(table["revision_id"], stays)) for name, table in self._rows.items()}
        places = self.places(wanted - self._fetched)
        with ThreadPoolExecutor(READERS) as pool:
            names = [self._store.partitions[place] for place in places]
            found = [*pool.map(self._store.rows, names, places.values())]
        tables = {name: [kept[name], *(rows[name] for rows in found)] for name in kept}
        self._rows = {name: pa.concat_tables(parts).combine_chunks() for name, parts in tables.items()}
        self._fetched = wanted

    def forget(self) -> None:
        self._loaded.clear()

    def places(self, article_ids: Iterable[str]) -> dict[int, set[str]]:
        """The texts of some articles by the partition in which they lie."""
        found: dict[int, set[str]] = defaultdict(set)
        for article in article_ids:
            place, revision = self._where[article]
            found[place].add(revision)
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class _Stored(Corpus):
    """A corpus on disk."""

    articles: _Articles
    store: Store
    organizations: pa.Table  # those that each article names
    every: pa.Table  # where each text lies

    def fetch(self, article_ids: Collection[str]) -> None:
        self.articles.fetch(article_ids)

    def load(self, article_ids: Iterable[str]) -> None:
        self.articles.load(article_ids)

    def forget(self) -> None:
        self.articles.forget()

    def naming(self, organizations: Collection[str]) -> dict[str, Article]:
        if not organizations:
            return {}
        named = lists_by(self.organizations, "article_id", "organizations")
        found = sorted(article for article, own in named.items() if not set(own).isdisjoint(organizations))
        self.load(found)
        return {article: self.articles[article] for article in found}

    def rewritten(self, changed: Mapping[str, Article]) -> Corpus:
        articles = _Articles(self.store, self.articles._where)
        articles.rewritten = {**self.articles.rewritten, **changed}
        return replace(self, articles=articles)

    def bodies(self, article_ids: Iterable[str]) -> dict[str, Row]:
        places = self.articles.places(article_ids).items()
        rows = (row for place, texts in places for row in self.store.bodies(self.store.partitions[place], texts))
        return {row["article_id"]: row for row in rows}

    def texts(self, revision_ids: Collection[str]) -> dict[str, Row]:
        asked = self.every.filter(isin(self.every["revision_id"], revision_ids))
        tables = (
            self.store.rows(self.store.partitions[place], revision_ids) for place in asked[PLACE].unique().to_pylist()
        )
        return {row["revision_id"]: row for table in tables for row in table["articles"].to_pylist()}


def _read(file: Path, schema: pa.Schema, columns: Sequence[str] | None = None) -> pa.Table:
    """A file, or some of its columns, at half the cost of `read_table`, which tells what is wrong with one that is not
    as it should be. UserError where it is damaged."""
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as source:
            if source.schema_arrow.names == schema.names:
                return source.read(columns, use_threads=False).replace_schema_metadata(None)
    except (OSError, pa.ArrowException) as error:
        log.debug("%s: %s", file, error)
    return read_table(file, schema=schema, columns=columns)


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.parquet"))
