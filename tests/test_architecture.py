"""Who may import whom: a domain module in a fresh interpreter leaves Dagster and Scrapy out."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = ("dagster", "scrapy", "twisted")
DOMAIN = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "incidents").rglob("*.py")
    if "defs" not in path.parts and path.name != "definitions.py"
)


def test_domain_modules_leave_dagster_and_scrapy_out():
    code = f"""
import importlib, sys
for name in {DOMAIN}:
    importlib.import_module(name)
    loaded = [m for m in {FORBIDDEN} if m in sys.modules]
    assert not loaded, f"{{name}} imports {{loaded}}"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["spacy", "duckdb", "dagster", "incidents"])
def test_scrapers_know_nothing_of_the_dataset(module):
    sources = [path.read_text() for path in (ROOT / "scrapers").rglob("*.py")]
    assert sources
    assert not any(f"import {module}" in text or f"from {module}" in text for text in sources)
