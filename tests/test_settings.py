"""The settings as the code asks for them, and the time."""

from datetime import UTC, datetime

import pytest

from incidents import installed, settings
from incidents.errors import UserError
from incidents.installed import ROOT, bundled
from incidents.link import curation


def test_without_settings_the_checkouts_folders_count(monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME")
    assert settings.data_dir() == ROOT / "data"
    assert settings.dagster_home() == ROOT / "dagster_home"
    assert bundled("reference") == ROOT / "data" / "reference"


def test_installed_from_a_wheel_the_current_folder_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(installed, "ROOT", tmp_path / "site-packages")
    monkeypatch.delenv("DAGSTER_HOME")
    monkeypatch.chdir(tmp_path)
    assert not installed.in_checkout()
    assert settings.data_dir() == tmp_path / "data"
    assert settings.dagster_home() == tmp_path / "dagster_home"
    assert curation.folder(tmp_path / "news") == tmp_path / "news" / "curation"


def test_a_new_dagster_home_gets_our_configuration_and_an_own_one_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    written = settings.prepare_dagster_home() / "dagster.yaml"
    assert written.read_text() == bundled("dagster.yaml").read_text()
    written.write_text("telemetry: {enabled: false}\n")
    settings.prepare_dagster_home()
    assert written.read_text() == "telemetry: {enabled: false}\n"


def test_a_build_can_be_repeated(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert settings.now() == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_time_that_is_none(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(UserError, match="SOURCE_DATE_EPOCH='today' is not a number of seconds"):
        settings.now()
