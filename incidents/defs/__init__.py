"""Dagster's view of the pipeline: one thin module per stage, jobs and schedules, and the data folder as a resource.

Only wiring belongs here. The stages themselves are in incidents/stages.py and know nothing of Dagster.
"""
