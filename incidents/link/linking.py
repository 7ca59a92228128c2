"""The stage itself: texts and what was found in them in, all tables that linking makes out.

Grouping is done anew at every run. What a run keeps (incidents.link.kept) lets the next one describe only the incidents
that changed; the result is the same with or without it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incidents.errors import Reject
from incidents.link import article_rows, assembly, clusters, corpus, describing, oversight, prepare, reviews, texts, why
from incidents.link.assembly import table
from incidents.link.changes import Changes
from incidents.link.clusters import Cluster, Near
from incidents.link.columns import isin, lists_by
from incidents.link.corpus import Corpus
from incidents.link.everybody import Everybody
from incidents.link.incident import Context
from incidents.link.kept import LONG, Kept
from incidents.link.organizations import KIND_OF_MENTION, Directory, candidate_id
from incidents.link.oversight import Decisions, Heard
from incidents.link.places import geonames, place_rows
from incidents.link.registry import Registry, assign
from incidents.link.units import of_current
from incidents.reference import Reference
from incidents.tables import BY_NAME

GROUPED_BY = [*prepare.COMPARED.names, *prepare.NAMES.names]
# What is published of an article's current text alone.
OF_CURRENT = [name for name in article_rows.SCHEMA.names if name not in BY_NAME["article_revisions"].schema.names]


class News:
    """All articles: every text that was ever fetched as it was prepared (prepare.SCHEMA), each text once, the current
    one of each article in the order of publication, and the articles to be read one by one.
    """

    def __init__(self, fetched: pa.Table, read: Callable[[pa.Table, pa.Table], Corpus]) -> None:
        """`read` makes the corpus from `texts` and `current`. Only of the latter all columns are kept."""
        rows = texts.unique(fetched)
        self.fetched = fetched.select(["article_id", "urls"])
        self.texts = fetched.drop_columns([*prepare.TOLD.names, *GROUPED_BY, *OF_CURRENT]).take(rows)
        self.current = texts.current(fetched, rows)
        self.corpus = read(self.texts, self.current)

    def grouped(self) -> None:
        """By what articles are grouped is not needed any more: it is most of what there is."""
        self.current = self.current.drop_columns(GROUPED_BY)
        pa.default_memory_pool().release_unused()


@dataclass(frozen=True)
class Linked:
    """What linking made: the tables (not yet under the name policy), the people, the registry, what was set aside, the
    articles of each incident with what joined them, the pairs of incidents that might be one, and what explains it all
    (incidents.link.why).

    Of evidence and choices a run on what was kept gives the new rows, and in `stale` the published rows whose former
    ones are no more.
    """

    tables: dict[str, pa.Table]
    people: pd.DataFrame
    registry: Registry
    rejects: list[Reject]
    clusters: dict[str, Cluster]
    near: list[Near]
    explained: dict[str, pa.Table]
    stale: set[str]
    kept: Kept


def link(
    articles: pa.Table,
    assessments: pa.Table,
    mentions: pa.Table,
    events: pa.Table,
    registry: Registry,
    decided: Decisions,
    reference: Reference,
    release: str,
) -> Linked:
    """All published tables that linking makes, from working rows of incidents.working.SCHEMAS in any order.

    Raises UserError where people's decisions contradict each other.
    """
    found = corpus.revisions(articles, assessments, mentions, events)
    ready = prepare.prepare(found, Directory(reference), reference)
    return run(News(ready, lambda *_: corpus.of(found)), Kept.nothing(), registry, decided, reference, release)


def run(news: News, kept: Kept, registry: Registry, decided: Decisions, reference: Reference, release: str) -> Linked:
    """The same from articles at hand or on disk, describing only what is not as it was when `kept` was made."""
    directory = Directory(reference)
    heard = oversight.hear(decided, news.corpus, directory)
    current = _as_decided(news.current, heard, directory)
    copies, compared = of_current(current, news.corpus, kept.compared)
    found = clusters.build(current, copies, heard.judgements)
    current = current.drop_columns(GROUPED_BY)
    news.grouped()
    reported = reviews.without(found.incidents, heard.reviews, [unit.articles for unit in copies])
    updated, ids = assign(registry, [cluster.articles for cluster in reported], release)
    by_id = dict(zip(ids, reported, strict=True))
    home = {article: key for key, cluster in by_id.items() for article in cluster.articles}
    context = _context(current, heard.news, directory, reference, decided)
    overseen, rejects = oversight.oversee(decided, heard, home, updated, context)
    changes = Changes(heard, by_id, current, kept, overseen)
    everybody = Everybody(kept, changes.groups(), changes.gone, by_id.keys(), overseen.corrections)
    rows = changes.describe(everybody, context)
    parts = {name: changes.merged(name, rows[name]) for name in describing.SCHEMAS if name not in LONG}
    tables = {name: parts[name] for name in describing.PUBLISHED if name not in LONG}
    tables["evidence"] = rows["evidence"].sort_by("evidence_id")
    tables |= assembly.tables(parts, current, by_id, updated, directory, reference)
    tables |= {
        "articles": article_rows.articles(current, copies, found.story_of),
        "article_revisions": article_rows.revisions(news.texts),
        "article_urls": article_rows.addresses(news.fetched),
    }
    for name, outside in overseen.corrections.sources().items():
        key = BY_NAME[name].key.name
        tables[name] = pa.concat_tables([tables[name], table(name, outside)]).sort_by(key)
    known = {*home, *current["article_id"].to_pylist(), *everybody.people["person_id"].to_pylist()}
    rejects = [*heard.rejects, *rejects, *reviews.of_nothing(heard.reviews, known), *overseen.corrections.unused()]
    explained = why.tables(by_id, found.near, rows["choices"], overseen.rows())
    touched = explained["decisions"].select(["incident_id"])
    state = Kept(changes.inputs, everybody.portraits, everybody.people, parts, compared, touched)
    people = pd.DataFrame(everybody.people.to_pydict())
    return Linked(tables, people, updated, rejects, by_id, found.near, explained, changes.stale, state)


def _as_decided(current: pa.Table, heard: Heard, directory: Directory) -> pa.Table:
    """The articles, their names as people said what these stand for."""
    if not heard.resolved:
        return current
    named = current.filter(isin(current["article_id"], heard.resolved.keys()))
    starts = zip(named["article_id"].to_pylist(), named["start"].to_pylist(), strict=True)
    rows = [prepare.names(heard.news.articles[article], start, directory) for article, start in starts]
    for name in prepare.NAMES.names:
        column = pa.array([row[name] for row in rows], prepare.NAMES.field(name).type)
        named = named.set_column(named.schema.get_field_index(name), prepare.NAMES.field(name), column)
    others = current.filter(pc.invert(isin(current["article_id"], heard.resolved.keys())))
    return texts.in_order(pa.concat_tables([others, named]))


def _context(
    current: pa.Table, news: Corpus, directory: Directory, reference: Reference, decided: Decisions
) -> Context:
    """What describing an incident needs beside its articles; of places and unknown organizations only those that
    somebody put in place of others."""
    wanted = {
        name: {c.value for c in decided.corrections if c.field == name} for name in ("place_id", "organization_id")
    }
    known = geonames(wanted["place_id"])
    holders = _holding(current, "places", wanted["place_id"] - known.keys())
    news.load(holders)
    found = place_rows(news.articles[article] for article in holders)
    known |= {key: found[key] for key in wanted["place_id"] & found.keys()}
    directory.candidates = {}
    for article in news.naming(wanted["organization_id"] - directory.known.keys()).values():
        for mention in article.mentions:
            if mention["kind"] in KIND_OF_MENTION and candidate_id(mention["name"]) in wanted["organization_id"]:
                directory.resolve(mention["name"], None, KIND_OF_MENTION[mention["kind"]])
    official = current.filter(current["official"])["article_id"].to_pylist()
    return Context(directory, reference, known, frozenset(official))


def _holding(current: pa.Table, column: str, wanted: set[str]) -> list[str]:
    """The articles of which a list holds one of the values."""
    if not wanted:
        return []
    return [
        article for article, found in lists_by(current, "article_id", column).items() if not wanted.isdisjoint(found)
    ]
