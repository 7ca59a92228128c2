"""The data folder that a run works on."""

from pathlib import Path

import dagster as dg

from incidents import settings


class DataFolder(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where archive, working store, registry and releases lie; INCIDENTS_DATA_DIR or data/ where nothing is given."""

    path: str = ""

    @property
    def folder(self) -> Path:
        return Path(self.path).absolute() if self.path else settings.data_dir()

    @property
    def is_sample(self) -> bool:
        from incidents.sample import demo

        return demo.is_sample(self.folder)
