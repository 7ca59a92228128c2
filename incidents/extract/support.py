"""Whether a quote says by itself what it is evidence of: data/reference/evidence.yaml, checked and compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from incidents.errors import UserError
from incidents.extract.events import rules
from incidents.extract.events.cues import CueError, CueIndex, Sentence, compile_cue, lower
from incidents.reference import reference_folder
from incidents.reference.files import read_yaml, validate
from incidents.reference.loader import load_vocabulary

FILE = "evidence.yaml"
_WEIGHT = 1  # no cue here counts more than another
_RECENT = 1000  # quotes that are asked for several values


class _File(BaseModel):
    """Word lists by language and name; beside them the vocabularies, each with cues by code and language."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, dict[str, tuple[str, ...]]]]
    words: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Support:
    """What quotes in one language must say: cues by vocabulary and code."""

    cues: Mapping[tuple[str, str], CueIndex]

    def says(self, vocabulary: str, code: str, quote: str | Sentence) -> bool:
        """Whether a quote says a code; any quote does where the file has no cues for it."""
        index = self.cues.get((vocabulary, code))
        if index is None:
            return True
        return index.holds(quote if isinstance(quote, Sentence) else _sentence(quote))


def load(language: str, folder: Path | None = None) -> Support:
    """What quotes in a language must say, read once per process. Raises UserError that names file, entry and mend."""
    return _load(language, folder or reference_folder())


@lru_cache(_RECENT)
def _sentence(quote: str) -> Sentence:
    return Sentence.of(lower(quote).replace("’", "'"))


@cache
def _load(language: str, folder: Path) -> Support:
    path = folder / FILE
    file = _read(folder)
    words = {**rules.word_lists(language, folder), **file.words.get(language, {})}

    def index(code: str, texts: tuple[str, ...]) -> CueIndex:
        try:
            return CueIndex.of(compile_cue(code, _WEIGHT, text, words) for text in texts)
        except CueError as error:
            raise UserError(f"{path}, {code}, {language}: {error}") from error

    return Support(
        {
            (vocabulary, code): index(code, texts[language])
            for vocabulary, codes in file.__pydantic_extra__.items()
            for code, texts in codes.items()
            if language in texts
        }
    )


@cache
def _read(folder: Path) -> _File:
    path = folder / FILE
    file = validate(path, TypeAdapter(_File), read_yaml(path))
    known = load_vocabulary(folder)
    for vocabulary, codes in file.__pydantic_extra__.items():
        for code in codes:
            if code not in known.get(vocabulary, {}):
                raise UserError(f"{path}, {vocabulary}: {code!r} is no code of it; see vocabulary.yaml for the codes")
    return file
