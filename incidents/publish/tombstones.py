"""What a suppression leaves of a row: its id, and that somebody asked."""

from collections.abc import Collection, Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incidents.ids import digest
from incidents.publish.suppressions import LABEL, POLICY, Names, Suppression
from incidents.tables import BY_NAME

DEMOGRAPHICS = ("age_band", "gender", "race_ethnicity", "demographic_basis")
PARTS = ("incident_organizations", "affected_parties", "incident_events", "incident_tags", "proceedings")
OF_AN_INCIDENT = {
    "incidents": ("incident_id",),
    "incident_articles": ("incident_id",),
    "incident_links": ("from_id", "to_id"),
    "evidence": ("row_id",),
    "external_ids": ("row_id",),
} | dict.fromkeys(PARTS, ("incident_id",))
WORDS = (("evidence", "quote"), ("evidence", "value"), ("articles", "title"), ("incidents", "title"))


def mark(people: pd.DataFrame, names: Names, tables: dict[str, pa.Table]) -> pd.DataFrame:
    """`people` with the suppressed ones marked; a suppressed name that nobody took for a person becomes a row too."""
    marked = people.copy()
    hit = pd.Series(
        [
            any(form in names for form in (name, *forms))
            for name, forms in zip(people["name"], people["forms"], strict=True)
        ],
        index=people.index,
        dtype=bool,
    )
    marked.loc[hit, ["name_policy", "display_label"]] = POLICY, LABEL
    known = set(marked.loc[hit, "name"])
    texts = (text for table, column in WORDS for text in tables[table].column(column).unique().to_pylist())
    unknown = [name for name in names.found_in(texts) if name not in known]
    rows = [
        {
            "person_id": "",
            "name": name,
            "forms": [name],
            "name_policy": POLICY,
            "display_label": LABEL,
            "article_ids": [],
        }
        for name in unknown
    ]
    return pd.concat([marked, pd.DataFrame(rows, columns=marked.columns)], ignore_index=True) if rows else marked


def leave(
    tables: dict[str, pa.Table], people: pd.DataFrame, suppressions: Iterable[Suppression], withdrawn_in: dict[str, str]
) -> dict[str, pa.Table]:
    """The tables with suppressed parties reduced to tombstones, and suppressed incidents to a redirect to nothing.

    `withdrawn_in` names the release of each incident's withdrawal.
    """
    row_ids = {item.row_id for item in suppressions}
    persons = row_ids | set(people.loc[people["name_policy"] == POLICY, "person_id"]) - {""}
    out = _parties(tables, row_ids, persons)
    incidents = row_ids & set(tables["incidents"].column("incident_id").to_pylist())
    return _incidents(out, {key: withdrawn_in[key] for key in sorted(incidents)}) if incidents else out


def _parties(tables: dict[str, pa.Table], row_ids: Collection[str], persons: Collection[str]) -> dict[str, pa.Table]:
    parties, evidence = tables["affected_parties"], tables["evidence"]
    hidden = pc.or_(_among(parties, "affected_party_id", row_ids), _among(parties, "person_id", persons))
    if not pc.any(hidden).as_py():
        return dict(tables)
    values = {"display_label": f"[{LABEL}]", "name_policy": POLICY} | dict.fromkeys(DEMOGRAPHICS)
    for column, value in values.items():
        parties = _set(parties, column, hidden, value)
    gone = _among(evidence, "row_id", parties.filter(hidden).column("affected_party_id").to_pylist())
    gone = pc.and_(gone, _among(evidence, "field", DEMOGRAPHICS))
    return tables | {"affected_parties": parties, "evidence": evidence.filter(pc.invert(gone))}


def _incidents(tables: dict[str, pa.Table], withdrawn: dict[str, str]) -> dict[str, pa.Table]:
    out = dict(tables)
    gone = set(withdrawn)
    for name in PARTS:
        rows = tables[name].filter(_among(tables[name], "incident_id", withdrawn))
        gone |= set(rows.column(BY_NAME[name].key.name).to_pylist())
    for name, columns in OF_AN_INCIDENT.items():
        for column in columns:
            out[name] = out[name].filter(pc.invert(_among(out[name], column, gone)))
    redirects = _set(out["id_redirects"], "new_id", _among(out["id_redirects"], "new_id", withdrawn), None)
    rows = [
        {
            "id_redirect_id": f"redirect-{digest(key, release)}",
            "old_id": key,
            "new_id": None,
            "reason": "withdrawn",
            "release": release,
        }
        for key, release in withdrawn.items()
    ]
    out["id_redirects"] = pa.concat_tables([redirects, pa.Table.from_pylist(rows, schema=redirects.schema)])
    return out


def _among(table: pa.Table, column: str, values: Collection[str]) -> pa.ChunkedArray:
    return pc.fill_null(pc.is_in(table.column(column), pa.array(sorted(values), pa.string())), False)


def _set(table: pa.Table, column: str, where: pa.ChunkedArray, value: str | None) -> pa.Table:
    place = table.schema.get_field_index(column)
    changed = pc.if_else(where, pa.scalar(value, pa.string()), table.column(column))
    return table.set_column(place, table.schema.field(column), changed)
