"""The people of all articles, told anew only where an article changed that names them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from incidents.link.columns import isin
from incidents.link.corpus import Article, Row
from incidents.link.corrections import Corrections
from incidents.link.kept import PEOPLE, PORTRAITS, Kept
from incidents.link.people import AFFECTED, Person, decided_by, people
from incidents.link.portraits import Portrait, portraits

Group = tuple[str, str]  # of portraits: the key that they share, and the incident or the article that is in none


class Everybody:
    """The people after a run. `portraits` and `people` are kept for the next one; `affected` are the incidents that say
    the same of somebody of whom others do not.
    """

    def __init__(
        self,
        kept: Kept,
        changed: Iterable[tuple[str, Sequence[Article]]],
        gone: Collection[str],
        incidents: Collection[str],
        corrections: Corrections,
    ) -> None:
        """`changed` are the groups of articles (an incident, or an article that is in none) that are not as they were,
        `gone` those that are no more."""
        self._incidents, self._corrections = incidents, corrections
        rows, groups = [], set(gone)
        for group, articles in changed:
            groups.add(group)
            for portrait, _ in portraits(articles):
                rows.append({"key": portrait.key, "group_id": group, "portrait": portrait.as_json()})
        new = pa.Table.from_pylist(rows, schema=PORTRAITS)
        stale = isin(kept.portraits["group_id"], groups)
        doubtful = kept.portraits.filter(pc.or_(stale, kept.portraits["decided"]))
        keys = {*doubtful["key"].to_pylist(), *new["key"].to_pylist()}
        left = pa.concat_tables([kept.portraits.filter(pc.invert(stale)), new])
        self._portraits = left.sort_by([(name, "ascending") for name in ("key", "group_id", "portrait")])
        keys |= self._decided()
        self._person: dict[Group, Person] = {}
        self._suffering: set[Group] = set()
        self._tell(keys)
        before = kept.portraits.filter(isin(kept.portraits["key"], keys))
        self.portraits = self._told()
        self.people = self._people(kept.people, before["person_id"])
        self.affected = self._affected(before, kept.people)

    def of(self, incident: str, articles: Sequence[Article]) -> list[Person]:
        """The people of an incident, each with the mentions in its articles."""
        told = portraits(articles)
        self._tell({portrait.key for portrait, _ in told if (portrait.key, incident) not in self._person})
        return [replace(self._person[portrait.key, incident], mentions=mentions) for portrait, mentions in told]

    def _tell(self, keys: Collection[str]) -> None:
        """Find out who the people under these keys are."""
        mine = self._portraits.filter(isin(self._portraits["key"], keys))
        told = [*zip(mine["group_id"].to_pylist(), map(Portrait.from_json, mine["portrait"].to_pylist()), strict=True)]
        self._suffering |= {(portrait.key, group) for group, portrait in told if AFFECTED in portrait.roles}
        for person in decided_by(self._corrections, people(told)):
            for group in person.groups:
                self._person[person.key, group] = person

    def _decided(self) -> set[str]:
        """The keys of people whose name policy a person decided, under whichever of their ids."""
        policies = self._corrections.policies()
        if not policies:
            return set()
        told = zip(self._portraits["key"].to_pylist(), self._portraits["portrait"].to_pylist(), strict=True)
        return {key for key, text in told if not policies.keys().isdisjoint(Portrait.from_json(text).ids)}

    def _told(self) -> pa.Table:
        """The portraits, each with the id of its person and whether a person decided about it."""
        columns = (self._portraits[name].to_pylist() for name in ("key", "group_id", "person_id", "decided"))
        found = [self._shown(*row) for row in zip(*columns, strict=True)]
        told = self._portraits.select(["key", "group_id", "portrait"])
        ids, decided = zip(*found, strict=True) if found else ((), ())
        told = told.append_column("person_id", pa.array(ids, pa.string()))
        return told.append_column("decided", pa.array(decided, pa.bool_())).select(PORTRAITS.names)

    def _shown(self, key: str, group: str, person_id: str, decided: bool) -> tuple[str, bool]:
        person = self._person.get((key, group))
        return (person.person_id, person.decision is not None) if person else (person_id, decided)

    def _people(self, before: pa.Table, stale: pa.ChunkedArray) -> pa.Table:
        """The rows of all people, by id."""
        told = {person.person_id: person for person in self._person.values()}
        new = pa.Table.from_pylist([self._row(person) for person in told.values()], schema=PEOPLE)
        left = before.filter(pc.invert(isin(before["person_id"], stale)))
        return pa.concat_tables([left, new]).sort_by("person_id")

    def _row(self, person: Person) -> Row:
        return {
            "person_id": person.person_id,
            "name": person.name,
            "forms": person.forms,
            "name_policy": person.name_policy,
            "display_label": person.display_label,
            "article_ids": person.article_ids,
            "incident_ids": [group for group in person.groups if group in self._incidents],
        }

    def _affected(self, before: pa.Table, people_before: pa.Table) -> set[str]:
        """The incidents that call somebody affected (of others their rows say nothing) who has another id, policy or
        label than before, or whose policy was decided."""
        shown = {
            row["person_id"]: (row["person_id"], row["name_policy"], row["display_label"])
            for row in people_before.select(["person_id", "name_policy", "display_label"]).to_pylist()
        }
        was = {
            (row["key"], row["group_id"]): shown[row["person_id"]]
            for row in before.drop_columns("portrait").to_pylist()
        }
        return {
            group
            for (key, group), person in self._person.items()
            if group in self._incidents
            and (key, group) in self._suffering
            and (
                person.decision or was.get((key, group)) != (person.person_id, person.name_policy, person.display_label)
            )
        }
