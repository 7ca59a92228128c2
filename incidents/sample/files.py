"""The files of data/sample: invented publishers and their articles."""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from incidents.errors import UserError
from incidents.installed import bundled

SAMPLE = bundled("sample")
_SUMMARY_LENGTH = 200  # characters, cut at a word
_Model = TypeVar("_Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quality(_Strict):
    """How good the metadata of a page are."""

    json_ld: Literal["article", "graph", "broken", "none"]
    open_graph: Literal["full", "partial", "none"]
    microdata: bool
    date_shown: Literal["time", "text", "none"]


class Feed(_Strict):
    """How a site announces its articles; `tracking` is a query added to every link."""

    kind: Literal["rss", "atom", "news_sitemap", "sitemap_index"]
    path: str
    tracking: str = ""


class Robots(_Strict):
    disallow: tuple[str, ...]
    crawl_delay: float | None = None  # seconds


class DeadLink(_Strict):
    """A page that the feed still lists and the site no longer has."""

    path: str
    title: str
    published: AwareDatetime


class Publisher(_Strict):
    """An invented site."""

    id: str
    name: str
    host: str
    country: str
    language: str
    kind: str
    strapline: str
    template: str
    quality: str
    feed: Feed
    robots: Robots
    date_format: str
    sections: tuple[str, ...]
    dead_links: tuple[DeadLink, ...] = ()

    def address(self, path: str) -> str:
        return f"http://{self.host}{path}"


class Twin(_Strict):
    """Another address of an article, listed in the feed too."""

    path: str
    relation: Literal["amp", "redirect", "tracking"]


class Article(_Strict):
    """An article file: its head and, as `body`, the text. `facts` and `source` say where its facts come from."""

    name: str
    publisher: str
    path: str
    headline: str
    authors: tuple[str, ...]
    published: AwareDatetime
    modified: AwareDatetime | None = None
    language: str
    quality: str | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    caption: str = ""
    facts: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    credit: str = ""
    update: str = ""
    correction: str = ""
    paywall: bool = False
    listed: bool = True  # False: the feed lists only the twins
    twins: tuple[Twin, ...] = ()
    body: str

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """The body's paragraphs, headings and lists."""
        return tuple(block.strip() for block in self.body.split("\n\n") if block.strip())

    @property
    def summary(self) -> str:
        first = " ".join(self.blocks[0].split())
        return first if len(first) <= _SUMMARY_LENGTH else first[:_SUMMARY_LENGTH].rsplit(" ", 1)[0] + "…"


def sources(folder: Path = SAMPLE) -> Path:
    """The sources of the sample, in the form of data/reference/sources.yaml."""
    return folder / "sources.yaml"


def load_publishers(folder: Path = SAMPLE) -> dict[str, Publisher]:
    """The invented sites by id. Raises UserError for a bad publishers.yaml."""
    file = folder / "publishers.yaml"
    return {
        key: _checked(Publisher, {"id": key} | fields, file) for key, fields in read_yaml(file)["publishers"].items()
    }


def load_qualities(folder: Path = SAMPLE) -> dict[str, Quality]:
    """The levels of quality by name. Raises UserError for a bad publishers.yaml."""
    file = folder / "publishers.yaml"
    return {name: _checked(Quality, fields, file) for name, fields in read_yaml(file)["qualities"].items()}


def load_articles(folder: Path = SAMPLE) -> list[Article]:
    """All articles, in the order of their file names. Raises UserError for a bad file."""
    return [_article(file) for file in sorted((folder / "articles").glob("*.md"))]


def read_yaml(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UserError(f"{file}: cannot be read ({error}); restore it from the repository") from error


def _checked(model: type[_Model], fields: dict[str, Any], file: Path) -> _Model:
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{file}: {where}: {first['msg']}; mend that entry") from error


def _article(file: Path) -> Article:
    parts = file.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise UserError(f"{file}: no YAML head between two lines of ---; add one")
    return _checked(Article, {"name": file.stem, "body": parts[2].strip()} | yaml.safe_load(parts[1]), file)
