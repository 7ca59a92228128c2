"""The jobs: what a run can do, from one group's day to a release."""

import dagster as dg

from incidents.defs.checks import extraction_figures
from incidents.defs.collect import web_archives
from incidents.defs.extract import mentions
from incidents.defs.link import incidents
from incidents.defs.publish import release
from incidents.defs.read import articles
from incidents.defs.scan import scans

run = dg.define_asset_job(
    "run",
    [web_archives, articles, mentions, incidents, release],
    description="All five stages: collect one group's day, then link and publish everything.",
)
daily = dg.define_asset_job(
    "daily", [web_archives, articles, mentions], description="Collect, read and extract one group's day."
)
reread = dg.define_asset_job(
    "reread", [articles, mentions], description="Read and extract archived days again, without collecting."
)
# What was extracted may not be linked or published where the extraction is not what it should be.
GUARD = dg.AssetSelection.checks(extraction_figures)
link = dg.define_asset_job(
    "link", dg.AssetSelection.assets(incidents) | GUARD, description="Link all articles into incidents."
)
publish = dg.define_asset_job(
    "publish",
    dg.AssetSelection.assets(incidents, release) | GUARD,
    description="Link all articles and publish a release.",
)
scan = dg.define_asset_job(
    "scan", [scans], description="Scan WARC files where they are; what was found is linked as any day's is."
)
ASSETS = [web_archives, articles, mentions, scans, incidents, release]
ALL = [run, daily, reread, scan, link, publish]
