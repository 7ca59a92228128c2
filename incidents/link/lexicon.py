"""Names found in any article: one spelling for each person, and headlines read for the names that others write."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from incidents.link.columns import Indexes, Lists, numbered
from incidents.link.keys import KINDS, OFTEN, PERSON
from incidents.link.names import full_name_keys, parts, same_person
from incidents.link.profiles import Periods, Profiles

Typed = tuple[str, str]  # kind and name of a key


def profiles(prepared: pa.Table) -> Profiles:
    """The profiles of some articles (rows of prepare.SCHEMA): no copies of each other."""
    lexicon = Lexicon(prepared)
    classes, class_names = _classes(prepared.column("record_class"))
    found = lexicon.keys(prepared)
    periods = [Lists.of(prepared.column(name)).values.field("type").to_pylist() for name in ("dates", "steps")]
    types = sorted({name for names in (*periods, *found["type"]) for name in names}) or ["other"]
    number_of = {name: number for number, name in enumerate(types)}
    people = sorted({name for kind in (PERSON, "nearby") for names in found[kind] for name in names})
    columns = {"type": types, PERSON: people, "nearby": people}
    return Profiles(
        prepared.column("first_day").to_numpy(),
        prepared.column("last_day").to_numpy(),
        classes,
        class_names,
        {kind: _matrix(found[kind], columns.get(kind)) for kind in KINDS},
        types,
        Periods.of(prepared.column("dates"), number_of),
        Periods.of(prepared.column("steps"), number_of),
    )


class Lexicon:
    """The names in some articles."""

    def __init__(self, prepared: pa.Table) -> None:
        named = Lists.of(prepared.column("subjects")).values
        counts = Counter[str]()
        for name, count in zip(named.field("name").to_pylist(), named.field("count").to_pylist(), strict=True):
            counts[name] += count
        subjects = _spellings(counts)
        others = set(Lists.of(prepared.column("others")).values.unique().to_pylist())
        self._alike = _known_spellings(others, subjects)
        self._person = self._alike | subjects
        self._surface = self._surfaces(Lists.of(prepared.column("surfaces")).values)
        self._longest: dict[str, int] = defaultdict(int)  # by the first word, the words of the longest name
        for form in self._surface:
            first, *rest = form.split(" ")
            self._longest[first] = max(self._longest[first], len(rest) + 1)

    def person(self, name: str) -> str:
        """One spelling for a person, whichever is given."""
        return self._person.get(name, name)

    def read(self, headline: str, people: Collection[str]) -> Iterator[Typed]:
        """The keys that a headline names; of names that overlap the longest. A surname alone is that of one of the
        `people` whom its article names: parks and millers are no people.
        """
        words = headline.split()
        place = 0
        while place < len(words):
            for length in range(min(self._longest.get(words[place], 0), len(words) - place), 0, -1):
                typed = self._surface.get(" ".join(words[place : place + length]))
                if typed and (length > 1 or typed[0] != PERSON or any(same_person(n, typed[1]) for n in people)):
                    yield typed
                    place += length - 1
                    break
            place += 1

    def keys(self, prepared: pa.Table) -> dict[str, list[set[str]]]:
        """For each kind the keys of each article: the headline's and the main event's, or where there are none the
        opening's."""
        headlines = prepared.column("headline").to_pylist()
        told, early = (_by_row(prepared.column(name)) for name in ("told", "early"))
        has_event = prepared.column("has_event").to_pylist()
        found: dict[str, list[set[str]]] = {kind: [] for kind in KINDS}
        nothing: set[str] = set()
        for row in zip(headlines, told, early, has_event, strict=True):
            keys = self._keys(*row)
            for kind in KINDS:
                found[kind].append(keys.get(kind, nothing))
        return found

    def _keys(
        self, headline: str, told: Iterable[tuple[Any, ...]], early: Iterable[tuple[Any, ...]], has_event: bool
    ) -> dict[str, set[str]]:
        own: defaultdict[str, set[str]] = defaultdict(set)
        people = {name for kind, name, *_ in (*told, *early) if kind == PERSON}
        for kind, name, *_ in told:
            own[kind].add(self.person(name) if kind == PERSON else name)
        if not has_event and len(own[PERSON]) > 1:
            own[PERSON] = set()
        for kind, name in self.read(headline, people):
            own[kind].add(name)
        opening: defaultdict[str, set[str]] = defaultdict(set)
        counts: Counter[str] = Counter()
        for kind, name, certain, count in early:
            if kind != PERSON:
                opening[kind].add(name)
            elif certain or name in self._alike:
                counts[self.person(name)] += count
        people = {name for name, count in counts.items() if count >= OFTEN}
        own["nearby"] = people if len(people) == 1 else set()  # a round-up of cases is about none of them
        return opening | {kind: names for kind, names in own.items() if names}

    def _surfaces(self, values: pa.StructArray) -> dict[str, Typed]:
        """For each form the key that most mentions in this form stand for; of equals the first by the alphabet."""
        forms, form_names = numbered(values.field("form"))
        kinds, kind_names = numbered(values.field("kind"))
        names, key_names = numbered(values.field("name"))
        keys, typed = _pairs(kinds, names)
        certain = values.field("certain").to_numpy(zero_copy_only=False)
        target = [
            (kind_names[kind], key_names[name])
            if kind_names[kind] != PERSON
            else (PERSON, self.person(key_names[name]))
            for kind, name in typed
        ]
        counts_if_uncertain = np.array(
            [kind != PERSON or key_names[n] in self._alike for (kind, _), (_, n) in zip(target, typed, strict=True)],
            bool,
        )
        ordered = sorted(set(target))
        rank = {key: number for number, key in enumerate(ordered)}
        ranks = np.array([rank[key] for key in target], np.int64)[keys] if len(keys) else keys
        kept = certain | counts_if_uncertain[keys] if len(keys) else certain
        best = _commonest(forms[kept], ranks[kept], values.field("count").to_numpy()[kept])
        return {form_names[form]: ordered[key] for form, key in best}


def _pairs(a: Indexes, b: Indexes) -> tuple[Indexes, list[tuple[int, int]]]:
    """A number for each pair of numbers that occurs, and the pair of each number."""
    wide = int(b.max(initial=0)) + 1
    found, number = np.unique(a * wide + b, return_inverse=True)
    return number, [(int(pair // wide), int(pair % wide)) for pair in found]


def _commonest(owners: Indexes, values: Indexes, counts: npt.NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Each owner with the value that counts most; of equals the smallest."""
    wide = int(values.max(initial=0)) + 1
    found, number = np.unique(owners * wide + values, return_inverse=True)
    total = np.bincount(number, counts, minlength=len(found))
    order = np.lexsort((found, -total, found // wide))
    owner = found[order] // wide
    is_first = np.ones(len(order), bool)
    is_first[1:] = owner[1:] != owner[:-1]
    return zip(owner[is_first].tolist(), (found[order] % wide)[is_first].tolist(), strict=True)


def _by_row(column: pa.ChunkedArray) -> Iterator[Iterable[tuple[Any, ...]]]:
    """The structs in each row's list, as tuples."""
    lists = Lists.of(column)
    values = list(zip(*(field.to_pylist() for field in lists.values.flatten()), strict=True))
    bounds = lists.offsets.tolist()
    return (values[start:end] for start, end in pairwise(bounds))


def _classes(column: pa.ChunkedArray) -> tuple[Indexes, list[str]]:
    names = sorted(set(column.to_pylist()) - {None})
    number_of = {name: number for number, name in enumerate(names)} | {None: -1}
    return np.array([number_of[name] for name in column.to_pylist()], np.int64), names


def _matrix(found: Sequence[set[str]], columns: Sequence[str] | None) -> sparse.csr_matrix:
    """A row for each set of names, a column for each name."""
    names = columns if columns is not None else sorted(set(chain.from_iterable(found)))
    number_of = {name: number for number, name in enumerate(names)}
    offsets = np.concatenate([[0], np.cumsum([len(names) for names in found])]).astype(np.int64)
    indices = np.array([n for names in found for n in sorted(number_of[name] for name in names)], np.int64)
    return sparse.csr_matrix((np.ones(len(indices)), indices, offsets), shape=(len(found), max(len(names), 1)))


def _spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Every full name -> the commonest spelling of it."""
    chosen: dict[str, str] = {}
    blocks: dict[str, list[str]] = defaultdict(list)
    full = [name for name in counts if parts(name)[0]]
    for name in sorted(full, key=lambda name: (-counts[name], name)):
        known = sorted({other for block in full_name_keys(name) for other in blocks.get(block, ())})
        chosen[name] = next((other for other in known if same_person(name, other)), name)
        if chosen[name] == name:
            for block in full_name_keys(name):
                blocks[block].append(name)
    return chosen


def _known_spellings(names: Iterable[str], subjects: Mapping[str, str]) -> dict[str, str]:
    """Of some full names those that are spellings of a subject's name, with that subject."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(set(subjects.values())):
        for block in full_name_keys(subject):
            blocks[block].append(subject)
    found = {}
    for name in names:
        near = sorted({n for block in full_name_keys(name) for n in blocks.get(block, ())}) if parts(name)[0] else []
        alike = next((other for other in near if same_person(name, other)), None)
        if alike:
            found[name] = alike
    return found
