"""What linking leaves behind so that it can be explained: working/explained/<table>.parquet.

links says what joined each article to its incident and how much each piece of evidence weighed; near which incidents
came close to being one; choices which rule chose a published value; decisions what people said and what it touched.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from incidents.link.clusters import Cluster, Near
from incidents.link.corpus import Row

_TEXT, _NUMBER = pa.string(), pa.float64()
CHOICES = pa.schema([(name, _TEXT) for name in ("table_name", "row_id", "field", "value", "rule")])
SCHEMAS = {
    "links": pa.schema(
        [
            ("incident_id", _TEXT),
            ("article_id", _TEXT),
            ("method", _TEXT),
            ("score", _NUMBER),
            ("other", _TEXT),  # the article of the incident that it is most like
            ("parts", _TEXT),  # a JSON object: what each feature added to the score, the most first
        ]
    ),
    "near": pa.schema([("a", _TEXT), ("b", _TEXT), ("score", _NUMBER), ("parts", _TEXT)]),
    "choices": CHOICES,
    "decisions": pa.schema(
        [
            ("incident_id", _TEXT),
            ("file", _TEXT),
            ("line", pa.int64()),
            ("key", _TEXT),
            ("subject", _TEXT),
            ("answer", _TEXT),
            ("who", _TEXT),
            ("when", _TEXT),
            ("why", _TEXT),
        ]
    ),
}


def tables(
    clusters: Mapping[str, Cluster], near: Iterable[Near], choices: pa.Table, decisions: Sequence[Row]
) -> dict[str, pa.Table]:
    """The tables above; `clusters` are the incidents by their ids."""
    rows = {"links": _links(clusters), "near": _near(near), "decisions": decisions}
    made = {name: pa.Table.from_pylist(list(found), schema=SCHEMAS[name]) for name, found in rows.items()}
    return made | {"choices": choices}


def _links(clusters: Mapping[str, Cluster]) -> list[Row]:
    return [
        {
            "incident_id": incident,
            "article_id": article,
            "method": link.method,
            "score": link.score,
            "other": link.other,
            "parts": json.dumps(dict(link.parts)),
        }
        for incident, cluster in sorted(clusters.items())
        for article, link in cluster.links.items()
    ]


def _near(near: Iterable[Near]) -> list[Row]:
    return [{"a": pair.a, "b": pair.b, "score": pair.score, "parts": json.dumps(dict(pair.parts))} for pair in near]
