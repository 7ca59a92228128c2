"""The demo's data folder: marked as a sample, so that invented articles never mix with real ones."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from incidents.partitions import SAMPLE as SAMPLE_GROUP
from incidents.sample.files import SAMPLE, sources
from incidents.sample.server import serve

if TYPE_CHECKING:
    from incidents.stages import Outcome

MARKER = ".sample"
HOSTS = ".example"


def is_sample(data_dir: Path) -> bool:
    return (data_dir / MARKER).exists()


def mark(data_dir: Path) -> None:
    (data_dir / MARKER).touch()


def collect(data_dir: Path, now: datetime) -> "Outcome":
    """Serve the sample on 127.0.0.1 and crawl it with the spiders that crawl the web."""
    from incidents import stages
    from incidents.crawling import Crawl

    with serve(SAMPLE) as server:
        crawl = Crawl(sources(SAMPLE), connect_to=f"{HOSTS}=127.0.0.1:{server.port}", delay=0)
        return stages.collect(data_dir, SAMPLE_GROUP, crawl, (), now)
