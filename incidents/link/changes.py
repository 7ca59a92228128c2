"""What a run has to do again: the groups of articles that are not as they were, and the incidents to describe."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from incidents.ids import digest
from incidents.link import describing
from incidents.link.clusters import Cluster
from incidents.link.columns import isin
from incidents.link.corpus import Article
from incidents.link.everybody import Everybody
from incidents.link.incident import Context, Rows
from incidents.link.kept import LONG, Kept
from incidents.link.oversight import Heard, Oversight
from incidents.tables import BY_NAME

FETCHED, BATCH = 20_000, 2000  # articles whose rows are at hand at a time, and of which objects are made


class Changes:
    """Compares the groups of articles (an incident, or an article that is in none) with those of the last run.

    `inputs` says what each group is made from, `gone` which groups are no more.
    """

    def __init__(
        self, heard: Heard, by_id: Mapping[str, Cluster], current: pa.Table, kept: Kept, overseen: Oversight
    ) -> None:
        self._news, self._by_id, self._kept, self._overseen = heard.news, by_id, kept, overseen
        articles = current["article_id"].to_pylist()
        self._arrival = {article: number for number, article in enumerate(articles)}
        content = dict(zip(articles, current["content"].to_pylist(), strict=True))
        home = {article for cluster in by_id.values() for article in cluster.articles}
        inputs = {key: self._made_from(key, cluster, content) for key, cluster in by_id.items()}
        for article in articles:
            if article not in home:
                keys = (decision.key for decision in heard.resolved.get(article, ()))
                inputs[article] = digest(content[article], *keys)
        before = kept.inputs
        self._changed = [group for group, made in inputs.items() if before.get(group) != made]
        self.gone = before.keys() - inputs.keys()
        self.inputs = pa.table({"group_id": [*inputs], "inputs": [*inputs.values()]}).sort_by("group_id")
        self._redone = set(self.gone)

    def groups(self) -> Iterator[tuple[str, list[Article]]]:
        """The groups that are new or other than they were, with their articles."""
        for batch in self._batches(self._changed):
            for group in batch:
                yield group, [self._news.articles[article] for article in self._articles(group)]

    def describe(self, everybody: Everybody, context: Context) -> dict[str, pa.Table]:
        """The rows of the incidents that changed, that tell of people who did, or on which people decided."""
        wanted = {*self._changed, *everybody.affected, *self._decided()} & self._by_id.keys()
        self._redone |= wanted
        found = {name: [schema.empty_table()] for name, schema in describing.SCHEMAS.items()}
        for batch in self._batches(wanted):
            rows: Rows = defaultdict(list)
            for key in batch:
                articles = {article: self._news.articles[article] for article in self._by_id[key].articles}
                people = everybody.of(key, list(articles.values()))
                own = describing.describe(key, self._by_id[key], articles, people, context, self._overseen)
                for name, told in own.items():
                    rows[name] += told
            for name, schema in describing.SCHEMAS.items():
                found[name].append(pa.Table.from_pylist(rows[name], schema=schema))
        return {name: pa.concat_tables(tables) for name, tables in found.items()}

    def merged(self, name: str, new: pa.Table) -> pa.Table:
        """The rows of all incidents: the new ones, and those that stay as they were."""
        before = self._kept.parts[name]
        stays = before.filter(pc.invert(isin(before["incident_id"], self._redone)))
        key = BY_NAME[name].key.name if name in describing.PUBLISHED else "incident_id"
        return pa.concat_tables([stays, new]).sort_by(key)

    @property
    def stale(self) -> set[str]:
        """The published rows whose evidence and choices are made anew, or are no more."""
        found = set(self._redone)
        for name in describing.PUBLISHED:
            if name not in LONG:
                rows = self._kept.parts[name]
                mine = rows.filter(isin(rows["incident_id"], self._redone))
                found.update(mine[BY_NAME[name].key.name].to_pylist())
        return found

    def _made_from(self, key: str, cluster: Cluster, content: Mapping[str, int]) -> str:
        originals = set(cluster.originals)
        articles = (f"{article} {content[article]} {article in originals}" for article in cluster.articles)
        return digest(*articles, *(decision.key for decision in self._overseen.touching.get(key, ())))

    def _decided(self) -> set[str]:
        """The incidents on which people decided something, now or before: what they decided is never kept."""
        rows = self._overseen.corrections.rows()
        found = {*self._overseen.touching, *rows, *self._kept.decided["incident_id"].to_pylist()}
        for name in describing.PUBLISHED:
            if name not in LONG:
                before = self._kept.parts[name]
                found.update(before.filter(isin(before[BY_NAME[name].key.name], rows))["incident_id"].to_pylist())
        return found

    def _articles(self, group: str) -> Sequence[str]:
        return self._by_id[group].articles if group in self._by_id else [group]

    def _batches(self, groups: Iterable[str]) -> Iterator[list[str]]:
        """The groups in the order of their first articles, so many at a time, with their articles at hand."""
        ordered = sorted(groups, key=lambda group: self._arrival[self._articles(group)[0]])
        for many in self._parts(ordered, FETCHED):
            self._news.fetch([article for group in many for article in self._articles(group)])
            for few in self._parts(many, BATCH):
                self._news.forget()
                self._news.load(article for group in few for article in self._articles(group))
                yield few

    def _parts(self, groups: Iterable[str], most: int) -> Iterator[list[str]]:
        """The groups in parts of so many articles, and of whole groups."""
        part: list[str] = []
        size = 0
        for group in groups:
            part.append(group)
            size += len(self._articles(group))
            if size >= most:
                yield part
                part, size = [], 0
        if part:
            yield part
