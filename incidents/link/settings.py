"""The weights of linking, read from linking.yaml: figures are data, not code."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("linking.yaml")


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StorySettings(_Settings):
    """See linking.yaml."""

    title_weight: int
    lede_characters: int
    fade_days: float
    vagueness: float
    window_days: float
    neighbours: int
    alike: float
    key_neighbours: int
    floor: float
    threshold: float
    doubt: float
    weights: dict[str, float]


class IncidentSettings(_Settings):
    """See linking.yaml."""

    threshold: float
    clear: float
    clear_harm: float
    missing: float
    neighbours: int
    words: float
    weights: dict[str, float]


class Settings(_Settings):
    stories: StorySettings
    incidents: IncidentSettings


@cache
def load() -> Settings:
    """The settings of this version."""
    return Settings.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
