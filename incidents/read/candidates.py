"""Every candidate that a page holds for title, dates, authors and the like, with where it stands."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from incidents.read import jsonld

_META_NAMES = {
    "og:title": ("title", "opengraph"),
    "twitter:title": ("title", "meta"),
    "dc.title": ("title", "meta"),
    "parsely-title": ("title", "meta"),
    "sailthru.title": ("title", "meta"),
    "article:published_time": ("published", "opengraph"),
    "og:article:published_time": ("published", "opengraph"),
    "og:published_time": ("published", "opengraph"),
    "article:modified_time": ("modified", "opengraph"),
    "og:updated_time": ("modified", "opengraph"),
    "og:article:modified_time": ("modified", "opengraph"),
    "article:author": ("author", "opengraph"),
    "og:article:author": ("author", "opengraph"),
    "author": ("author", "meta"),
    "authors": ("author", "meta"),
    "byl": ("author", "meta"),
    "dc.creator": ("author", "meta"),
    "dcterms.creator": ("author", "meta"),
    "citation_author": ("author", "meta"),
    "parsely-author": ("author", "meta"),
    "sailthru.author": ("author", "meta"),
    "cxenseparse:author": ("author", "meta"),
    "date": ("published", "meta"),
    "pubdate": ("published", "meta"),
    "publishdate": ("published", "meta"),
    "publish-date": ("published", "meta"),
    "publish_date": ("published", "meta"),
    "publication_date": ("published", "meta"),
    "published_time": ("published", "meta"),
    "dc.date": ("published", "meta"),
    "dc.date.issued": ("published", "meta"),
    "dc.date.created": ("published", "meta"),
    "dcterms.created": ("published", "meta"),
    "dcterms.date": ("published", "meta"),
    "article.published": ("published", "meta"),
    "parsely-pub-date": ("published", "meta"),
    "sailthru.date": ("published", "meta"),
    "cxenseparse:recs:publishtime": ("published", "meta"),
    "iso-8601-publish-date": ("published", "meta"),
    "last-modified": ("modified", "meta"),
    "lastmod": ("modified", "meta"),
    "dc.date.modified": ("modified", "meta"),
    "dcterms.modified": ("modified", "meta"),
    "og:description": ("description", "opengraph"),
    "description": ("description", "meta"),
    "twitter:description": ("description", "meta"),
    "keywords": ("keywords", "meta"),
    "news_keywords": ("keywords", "meta"),
    "article:tag": ("keywords", "opengraph"),
    "og:site_name": ("publisher", "opengraph"),
    "dc.publisher": ("publisher", "meta"),
    "application-name": ("publisher", "meta"),
    "og:url": ("canonical", "opengraph"),
    "article:content_tier": ("tier", "opengraph"),
}
_ITEM_PROPERTIES = {"headline": "title", "datePublished": "published", "dateModified": "modified", "author": "author"}
_MAYBE_BYLINE = (
    "//body//*[@rel='author' or contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'utor')"
    " or contains(@class, 'auteur') or contains(@class, 'reporter') or contains(@class, 'writer')]"
    "[not(ancestor::aside or ancestor::nav or ancestor::footer)]"
)
_BYLINE_CLASS = re.compile(
    r"(?i)(?:^|[-_\s])(?:author|byline|autor|auteur|reporter|writer)s?(?:[-_]*(?:names?|link|text))?(?:$|[-_\s])"
)
_MAX_BYLINE = 120  # characters
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D|$)")
_TITLE_DATE = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)\s*$")


@dataclass(frozen=True)
class Candidate:
    """A value for a field as the page gives it, and where it stands: json-ld, opengraph, meta, page, url..."""

    field: str
    value: str
    source: str


def collect(tree: HtmlElement, url: str, fields: Mapping[str, str], thorough: bool = False) -> Iterator[Candidate]:
    """The candidates of a page; `fields` are the archive's. htmldate is slow: asked last, or if `thorough`."""
    dated = False
    for candidate in _all_but_htmldate(tree, url, fields):
        dated = dated or candidate.field == "published"
        yield candidate
    if thorough or not dated:
        from htmldate import find_date

        if found := find_date(tree, original_date=True, extensive_search=False, outputformat="%Y-%m-%d"):
            yield Candidate("published", found, "htmldate")


def _all_but_htmldate(tree: HtmlElement, url: str, fields: Mapping[str, str]) -> Iterator[Candidate]:
    readers: tuple[Callable[[], Iterator[Candidate]], ...] = (
        lambda: _from_json_ld(tree, url),
        lambda: _from_meta(tree),
        lambda: _from_microdata(tree),
        lambda: _from_page(tree),
    )
    for reader in readers:
        for candidate in reader():
            if candidate.value:
                yield candidate
    for title in tree.iterfind(".//head/title"):
        if match := _TITLE_DATE.search(title.text or ""):
            yield Candidate("published", "-".join(reversed(match.groups())), "title")
    for address in (url, *(link.get("href", "") for link in tree.iterfind(".//link[@rel='canonical']"))):
        if match := _URL_DATE.search(address):
            yield Candidate("published", "-".join(match.groups()), "url")
    for field, name in (("title", "discovered-title"), ("published", "discovered-date")):
        if fields.get(name):
            yield Candidate(field, fields[name], "feed")


def _from_json_ld(tree: HtmlElement, url: str) -> Iterator[Candidate]:
    found = jsonld.nodes(tree)
    node = jsonld.article(found, url)
    yield Candidate("title", jsonld.text(node.get("headline") or node.get("name")), "json-ld")
    yield Candidate("published", jsonld.text(node.get("datePublished") or node.get("dateCreated")), "json-ld")
    yield Candidate("modified", jsonld.text(node.get("dateModified")), "json-ld")
    for author in jsonld.listed(node.get("author") or node.get("creator")):
        yield Candidate("author", _person(author, found), "json-ld")
    for publisher in jsonld.listed(node.get("publisher")):
        yield Candidate("publisher", _person(publisher, found), "json-ld")
    yield Candidate("language", jsonld.text(node.get("inLanguage")), "json-ld")
    yield Candidate("description", jsonld.text(node.get("description")), "json-ld")
    for keyword in jsonld.listed(node.get("keywords")):
        yield Candidate("keywords", jsonld.text(keyword), "json-ld")
    yield Candidate("text", jsonld.lines(node.get("articleBody")), "json-ld")
    free = node.get("isAccessibleForFree")
    if free is not None:
        yield Candidate("free", str(free).rsplit("/", 1)[-1].lower(), "json-ld")


def _person(value: object, found: list[jsonld.Node]) -> str:
    """The name of a person or organization: a string, an object, or a reference to one by @id."""
    if not isinstance(value, dict):
        return jsonld.text(value)
    if "name" not in value and "@id" in value:
        value = next((node for node in found if node.get("@id") == value["@id"] and "name" in node), value)
    parts = [jsonld.text(value.get(part)) for part in ("givenName", "additionalName", "familyName")]
    listed = jsonld.listed(value.get("name"))
    return "; ".join(filter(None, map(jsonld.text, listed))) or " ".join(filter(None, parts))


def _from_meta(tree: HtmlElement) -> Iterator[Candidate]:
    for element in tree.iterfind(".//link[@href]"):
        relations = element.get("rel", "").lower().split()
        if "canonical" in relations:
            yield Candidate("canonical", element.get("href", "").strip(), "link")
        if "amphtml" in relations:
            yield Candidate("amp", element.get("href", "").strip(), "link")
    for element in tree.iterfind(".//meta[@content]"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name in _META_NAMES:
            field, source = _META_NAMES[name]
            yield Candidate(field, " ".join(element.get("content", "").split()), source)
    yield Candidate(
        "language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", "page"
    )


def _from_microdata(tree: HtmlElement) -> Iterator[Candidate]:
    for name, field in _ITEM_PROPERTIES.items():
        found = tree.xpath("/html/*//*[@itemprop=$name]", name=name)
        for element in _together(found) if name == "author" else found[:1]:
            value = element.get("content") or element.get("datetime") or _named(element)
            yield Candidate(field, " ".join(value.split()), "microdata")


def _named(element: HtmlElement) -> str:
    inner = element.find(".//*[@itemprop='name']")
    named = inner if inner is not None else element
    return str(named.get("content") or named.text_content())


def _together(elements: list[HtmlElement]) -> list[HtmlElement]:
    """The first element and those beside it: the authors of the page's article, not of the ones it links to."""
    if not elements:
        return []
    first = elements[0]
    near = {first.getparent(), first.getparent().getparent()}
    return [e for e in elements if e.getparent() in near or e.getparent().getparent() in near]


def _from_page(tree: HtmlElement) -> Iterator[Candidate]:
    headings = [" ".join(h.text_content().split()) for h in tree.iterfind(".//h1")]
    for heading in headings:
        yield Candidate("title", heading, "page")
    title = tree.find(".//head/title")
    if title is not None:
        yield Candidate("title", " ".join(title.text_content().split()), "title")
    for element in tree.iterfind(".//time[@datetime]"):
        if not element.xpath("boolean(ancestor::aside or ancestor::nav or ancestor::footer)"):
            yield Candidate("published", element.get("datetime", "").strip(), "page")
            break
    yield from _bylines(tree)


def _bylines(tree: HtmlElement) -> Iterator[Candidate]:
    """What the page marks as a byline by class or rel, the first one and its neighbours."""
    marked = [
        e for e in tree.xpath(_MAYBE_BYLINE) if e.get("rel") == "author" or _BYLINE_CLASS.search(e.get("class", ""))
    ]
    for element in _together(marked):
        text = " ".join(element.text_content().split())
        links = [" ".join(link.text_content().split()) for link in element.iterfind(".//a")]
        if 2 < len(text) <= _MAX_BYLINE:
            yield Candidate("author", "; ".join(filter(None, links)) or text, "page")
