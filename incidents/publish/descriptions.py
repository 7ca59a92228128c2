"""A release described for machines: datapackage.json (Data Package v2) and croissant.json (Croissant 1.0)."""

from collections.abc import Mapping
from typing import Any

from incidents.tables import TABLES

TITLE = "Facial Recognition Incidents"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
FRICTIONLESS = {
    "text": {"type": "string"},
    "timestamp": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S.%fZ"},
}
CROISSANT = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
}
# The context that the standard prescribes word for word.
PREFIXES = {"sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/"}
TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT = (
    {"@language": "en", "@vocab": "https://schema.org/", "conformsTo": "dct:conformsTo", "rai": f"{PREFIXES['cr']}RAI/"}
    | PREFIXES
    | {term: f"cr:{term}" for term in TERMS}
    | {term: {"@id": f"cr:{term}", "@type": "@json"} for term in ("data", "examples")}
    | {"dataType": {"@id": "cr:dataType", "@type": "@vocab"}}
)


def datapackage(context: Mapping[str, Any]) -> dict[str, Any]:
    """The CSV files as a Data Package: its tools read Parquet with missing whole numbers as fractions."""
    resources = []
    for table in TABLES:
        fields = [
            {"name": c.name, "description": c.description}
            | FRICTIONLESS.get(c.type, {"type": c.type})
            | ({"constraints": {"required": True}} if c.required else {})
            for c in table.columns
        ]
        resources.append(
            {
                "name": table.name,
                "description": table.description,
                "path": f"csv/{table.name}.csv.gz",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "primaryKey": [table.key.name]},
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "facial-recognition-incidents",
        "title": TITLE,
        "version": context["version"],
        "created": context["about"].built_at.isoformat(),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "resources": resources,
    }


def croissant(context: Mapping[str, Any], sums: Mapping[str, str]) -> dict[str, Any]:
    """The Parquet files, whose SHA-256 `sums` gives by path, as a Croissant dataset."""
    files, record_sets = [], []
    for table in TABLES:
        path = f"parquet/{table.name}.parquet"
        files.append(
            {
                "@type": "cr:FileObject",
                "@id": path,
                "name": path,
                "contentUrl": path,
                "encodingFormat": "application/x-parquet",
                "sha256": sums[path],
            }
        )
        fields = [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{c.name}",
                "name": c.name,
                "description": c.description,
                "dataType": CROISSANT[c.type],
                "source": {"fileObject": {"@id": path}, "extract": {"column": c.name}},
            }
            for c in table.columns
        ]
        record_sets.append({"@type": "cr:RecordSet", "@id": table.name, "name": table.name, "field": fields})
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": TITLE,
        "description": "News on facial recognition as structured incidents, with the sentence behind each value.",
        "license": LICENCE_URL,
        "citeAs": f"{TITLE}, release {context['version']}",
        "version": context["version"],
        "datePublished": context["about"].built_at.date().isoformat(),
        "distribution": files,
        "recordSet": record_sets,
    }
