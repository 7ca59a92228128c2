"""The loader, on a small folder: what it reads, and that each mistake is told with file, entry and mend."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from incidents.errors import UserError
from incidents.reference import load

Broken = Callable[[str, str, str], Path]


def test_valid_folder(folder: Path) -> None:
    reference = load(folder)
    acme, orange = reference.vendors
    assert acme.names == ("Acme Faces", "Acme Vision")
    assert acme.country == "NO", "Norway is not a boolean"
    assert orange.needs_cue
    assert not orange.everyday
    agency = reference.agencies[0]
    assert agency.names == ("Harbour City Police Department", "HCPD", "Harbour Police", "HC Police")
    assert agency.wikidata_qid is None
    assert reference.gate_terms == {"en": ("face scan",), "no": (r"\bFRT\b",)}
    assert reference.external[0].organization_ids == ("agency-us-mi00100", "org-us-bluebird-stores")


def test_digest_changes_with_a_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    for path in folder.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    assert load(folder).digest == load(other).digest
    third = tmp_path_factory.mktemp("third")
    for path in folder.iterdir():
        (third / path.name).write_bytes(path.read_bytes().replace(b"sailors", b"seamen"))
    assert load(third).digest != load(folder).digest


MISTAKES = [
    ("vendors.yaml", "id: vendor-orange", "id: Orange", "entry 2 (Orange), id: ", "small letters"),
    ("vendors.yaml", "name: Orange", "nam: Orange", "entry 2 (vendor-orange), name: ", "add it"),
    ("vendors.yaml", "verified: false", "verified: perhaps", "entry 2 (vendor-orange), verified: ", "true or false"),
    ("vendors.yaml", 'country: "NO"', "country: Norway", "entry 1 (vendor-acme-faces), country: ", "such as US"),
    (
        "vendors.yaml",
        "    needs_cue: true\n",
        "    needs_kue: true\n",
        "entry 2 (vendor-orange), needs_kue: ",
        "spelling",
    ),
    ("vendors.yaml", "name: Orange", "name: Acme Vision", "acme vision: this name or alias is there twice", "rename"),
    ("vendors.yaml", "id: vendor-orange", "id: vendor-acme-faces", "this id is there twice", "rename"),
    ("vendors.yaml", "product-mugshot-hub", "product-acme-watch", "this product id is there twice", "rename"),
    ("vendors.yaml", "kind: platform", "kind: gadget", "product-mugshot-hub: kind 'gadget'", "add it there"),
    ("vendors.yaml", "owner_id: agency-us-mi00100", "owner_id: agency-us-x", "owner_id 'agency-us-x'", "add it there"),
    ("vendors.yaml", "systems:", "system:", "must hold vendors and systems", "add what is missing"),
    (
        "vendors.yaml",
        "kind: live_recognition}",
        "kind: live_recognition, everyday: true}",
        "entry 1 (vendor-acme-faces), products, entry 1 (product-acme-watch): ",
        "write needs_cue: true",
    ),
    (
        "vendors.yaml",
        "    country",
        "    parent_id: vendor-lost\n    country",
        "vendor-acme-faces: parent_id 'vendor-lost'",
        "add it there",
    ),
    ("vendors.yaml", "    country", "    everyday: true\n    country", "(vendor-acme-faces)", "write needs_cue: true"),
    ("vendors.yaml", "    name: Orange\n", "    name: Orange\n    name: Apple\n", "'name' is given twice", "keep one"),
    ("vendors.yaml", "name: Orange", "name: [Orange", "line 1", "mend the YAML there"),
    ("agencies.csv", "MI00100,,wapo", "12,,wapo", "line 2 (agency-us-mi00100), ori_code: ", "leave it empty"),
    ("agencies.csv", ",wapo 1", ",wapo 1,more", "line 2: 12 cells, the header has 11", "mend the commas"),
    ("agencies.csv", ",wapo 1", ",", "line 2 (agency-us-mi00100), source: ", "add it"),
    ("agencies.csv", ",police,", ",circus,", "agency-us-mi00100: kind 'circus'", "add it there"),
    ("organizations.yaml", "kind: retailer", "kind: shop", "org-us-bluebird-stores: kind 'shop'", "add it there"),
    ("organizations.yaml", "name: Bluebird Stores,", "", "entry 1 (org-us-bluebird-stores), name: ", "add it"),
    ("organizations.yaml", "country: US", "wikidata_qid: 95", "wikidata_qid: ", "as seen on Wikidata"),
    ("vocabulary.yaml", ", phrase: Ban", "", "event_type, ban: record_class or phrase is missing", "add both"),
    ("vocabulary.yaml", "record_class: incident,", "record_class: party,", "ban: record_class 'party'", "add it there"),
    ("vocabulary.yaml", "  ban: {definition: d,", "  ban: {", "(ban), definition: ", "add it"),
    (
        "vocabulary.yaml",
        "day: {definition: d, includes: i, example: e}",
        "day: d",
        "date_precision: each code",
        "add them",
    ),
    ("gate_terms.yaml", "'face scan': face scan", "'face scan': ''", "en, face scan: ", "mend this value"),
    (
        "groups.yaml",
        "dimension: occupation",
        "dimension: hobby",
        "entry 1 (group-sailors), dimension: ",
        "mend this value",
    ),
    ("sources.yaml", "https://harbour", "harbour", "entry 1 (harbour-ledger), url: ", "with http:// or https://"),
    ("sources.yaml", "per_week: 9", "per_week: 0", "expected_max_per_week: ", "mend this value"),
    ("sources.yaml", "min_per_week: 1", "min_per_week: 20", "is above expected_max_per_week", "swap them"),
    ("sources.yaml", "kind: feed", "kind: listing", "a listing needs it", "mend"),
    ("crosswalk.csv", "AIID", "", "line 2, scheme: ", "add it"),
    ("external.csv", "2024-05-02", "2 May 2024", "line 2 (known-1), date: ", "mend this value"),
    ("external.csv", ",ban,", ",bann,", "known-1: event_type 'bann'", "add it there"),
    ("external.csv", "vendor-orange", "vendor-apple", "known-1: organization 'vendor-apple'", "add it there"),
]


@pytest.mark.parametrize(("name", "old", "new", "problem", "mend"), MISTAKES)
def test_a_mistake_is_told_with_its_mend(
    broken: Broken, name: str, old: str, new: str, problem: str, mend: str
) -> None:
    with pytest.raises(UserError) as caught:
        load(broken(name, old, new))
    message = str(caught.value)
    assert name in message
    assert problem in message
    assert mend in message
    assert "\n" not in message, "one line"


def test_a_missing_file(folder: Path) -> None:
    (folder / "groups.yaml").unlink()
    with pytest.raises(UserError, match=re.escape("groups.yaml: no such file; restore it")):
        load(folder)


def test_an_empty_table(folder: Path) -> None:
    (folder / "crosswalk.csv").write_text("")
    with pytest.raises(UserError, match="the file is empty"):
        load(folder)


def test_another_encoding(folder: Path) -> None:
    (folder / "agencies.csv").write_bytes("id,name\nagency-fr-x,Préfecture\n".encode("latin-1"))
    with pytest.raises(UserError, match="save the file as UTF-8"):
        load(folder)


def test_a_spreadsheet_programs_mark_is_no_mistake(folder: Path) -> None:
    path = folder / "agencies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder).agencies[0].source == "wapo 1"
