"""What linking keeps from run to run, so that a run describes only what changed.

None of it is needed: without it, or where other code or reference data made it, all is made anew, and the result is the
same to the byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from incidents.link.describing import SCHEMAS
from incidents.link.units import COMPARED

GROUPS = pa.schema([("group_id", pa.string()), ("inputs", pa.string())])
PORTRAITS = pa.schema(
    [*((name, pa.string()) for name in ("key", "group_id", "person_id", "portrait")), ("decided", pa.bool_())]
)
DECIDED = pa.schema([("incident_id", pa.string())])
PEOPLE = pa.schema(
    [
        ("person_id", pa.string()),
        ("name", pa.string()),
        ("forms", pa.list_(pa.string())),
        ("name_policy", pa.string()),
        ("display_label", pa.string()),
        ("article_ids", pa.list_(pa.string())),
        ("incident_ids", pa.list_(pa.string())),
    ]
)
LONG = ("evidence", "choices")  # parts so long that a run only says which of their rows go and which come


@dataclass(frozen=True)
class Kept:
    """The state after a run. A group is an incident, or an article that is in none.

    `groups` says what each group was made from, `portraits` what it says of each person, `people` who they are, `parts`
    what each incident made of its articles (describing.SCHEMAS without LONG), `compared` which pairs of texts are
    copies, `decided` the incidents on which people decided something.
    """

    groups: pa.Table
    portraits: pa.Table
    people: pa.Table
    parts: Mapping[str, pa.Table]
    compared: pa.Table
    decided: pa.Table

    @classmethod
    def nothing(cls) -> "Kept":
        """Before the first run."""
        parts = {name: schema.empty_table() for name, schema in SCHEMAS.items() if name not in LONG}
        groups, portraits, people = (schema.empty_table() for schema in (GROUPS, PORTRAITS, PEOPLE))
        return cls(groups, portraits, people, parts, COMPARED.empty_table(), DECIDED.empty_table())

    @property
    def inputs(self) -> dict[str, str]:
        """What each group was made from."""
        return dict(zip(self.groups["group_id"].to_pylist(), self.groups["inputs"].to_pylist(), strict=True))
