"""A small reference folder that is valid, for tests that break one thing in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "vendors.yaml": """
vendors:
  - id: vendor-acme-faces
    name: Acme Faces
    former_names: [Acme Vision]
    country: "NO"
    products:
      - {id: product-acme-watch, name: Acme Watch, kind: live_recognition}
    source: a page
    verified: true
  - id: vendor-orange
    name: Orange
    needs_cue: true
    source: a page
    verified: false
systems:
  - id: product-mugshot-hub
    name: Mugshot Hub
    kind: platform
    owner_id: agency-us-mi00100
    source: a page
""",
    "agencies.csv": (
        "id,name,acronym,aliases,kind,country,region,place,ori_code,wikidata_qid,source\n"
        "agency-us-mi00100,Harbour City Police Department,HCPD,Harbour Police|HC Police,police,US,Michigan,"
        "Harbour City,MI00100,,wapo 1\n"
    ),
    "organizations.yaml": """
organizations:
  - {id: org-us-bluebird-stores, name: Bluebird Stores, kind: retailer, country: US, source: a page}
""",
    "vocabulary.yaml": """
record_class:
  incident: {definition: d, includes: i, example: e}
event_type:
  ban: {definition: d, includes: i, example: e, record_class: incident, phrase: Ban}
date_precision:
  day: {definition: d, includes: i, example: e}
organization_kind:
  police: {definition: d, includes: i, example: e}
  retailer: {definition: d, includes: i, example: e}
product_kind:
  live_recognition: {definition: d, includes: i, example: e}
  platform: {definition: d, includes: i, example: e}
""",
    "gate_terms.yaml": "en:\n  'face scan': face scan\nno:\n  '\\bFRT\\b': whole word\n",
    "groups.yaml": """
groups:
  - {id: group-sailors, label: sailors, dimension: occupation, forms: {en: [sailors], es: [marineros]}}
""",
    "sources.yaml": """
sources:
  - id: harbour-ledger
    kind: feed
    url: https://harbour-ledger.example/feed
    publisher: Harbour Ledger
    country: US
    language: en
    licence: all rights reserved
    terms: not read yet
    why: local police
    seen_in: a page
    expected_min_per_week: 1
    expected_max_per_week: 9
    group: local_news
""",
    "crosswalk.csv": "our_field,scheme,their_field\nincidents.incident_id,AIID,incident_id\n",
    "external.csv": (
        "id,event_type,date,date_precision,country,place,organization_ids,vendor_ids,aiid_ids,aiaaic_ids,source\n"
        "known-1,ban,2024-05-02,day,US,Harbour City,agency-us-mi00100|org-us-bluebird-stores,vendor-orange,7,,facts 1\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def broken(folder: Path) -> Callable[[str, str, str], Path]:
    """The folder with `old` replaced by `new` in one file."""

    def change(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change
