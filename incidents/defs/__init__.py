"""Dagster's view of the pipeline: one thin module per stage, and what starts, watches and checks them.

Only wiring belongs here. The stages themselves are in incidents/stages.py and know nothing of Dagster.
"""

import warnings

from dagster import BetaWarning

warnings.filterwarnings("ignore", category=BetaWarning)  # backfill policies and freshness: our Dagster is pinned
