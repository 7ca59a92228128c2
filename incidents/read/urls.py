"""Addresses: when two of them are one page.

`fetch_key` says whether two addresses ask a server for the same thing, `loose_key` whether they are most likely one
article, `canonical` which of an article's addresses is its name.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

# Names that never say which page is meant. courlan's list is broader: eid, uid and cid are ids on some sites.
_TRACKING = re.compile(
    r"""(?ix)^(?:
    (?:utm|at|mc|pk|mtm|hsa|oly|vero|itm|guce|wt|ns|sr|ga)_.* | _hs.* | guce.* | _ga | _gl
    | (?:fb|g|dc|yc|twc|ttc|msclk|sc)c?lid | gbraid | wbraid | gclsrc | msclkid | igshid | igsh | li_fat_id | mibextid
    | ref_src | ref_url | referr?er | smid | smtyp | sref | soc_src | soc_trk | socialuid
    | share | shared | sharetype | sh | rss | nocache | cmpid | cmp | icid | ncid | ocid | ito | xtor | xtref | ftag
    | spm | taid | tpcc | srnd | emc | abtest
    )$"""
)
# Names that say it on some sites: dropped only with a value that is no id.
_AMBIGUOUS = {"ref", "source", "src", "cid", "mod", "via", "partner", "campaign", "feed", "from", "medium", "partnerid"}
_WORDS_VALUE = re.compile(r"[A-Za-z][A-Za-z_.:/-]*")
_AMP_PARAMETERS = {"amp", "amp_js_v", "amp_gsa", "usqp"}
_AMP_SWITCHES = {"outputtype", "output", "view", "tipo", "type"}
_HOST_LABELS = ("amp.", "amp-", "m.", "mobile.", "www.", "www2.")
_AMP_SUFFIX = re.compile(r"(?:/amp|\.amp|\.amp\.html|/amp\.html|/index\.amp)/?$")
_AMP_PREFIX = re.compile(r"^/amp(?=/.)")
_INDEX_PAGE = re.compile(r"/index\.(?:html?|php|aspx?)$")
_GOOGLE_AMP = re.compile(r"^https?://(?:www\.)?google\.[a-z.]+/amp/(s/)?(.+)$")
_AMP_CACHE = re.compile(r"^https?://[a-z0-9-]+\.cdn\.ampproject\.org/[a-z]/(s/)?(.+)$")
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "gob", "gouv", "edu", "ac", "or", "ne", "go"}


def fetch_key(url: str) -> str:
    """The address with its equivalent spellings made one: host case, port, escapes, query order, no fragment."""
    return canonicalize_url(_spelled(url))


def clean(url: str) -> str:
    """The address without tracking parameters and fragment, otherwise as the publisher writes it."""
    parts = urlsplit(_spelled(url))
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(*pair.partition("=")[::2])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def loose_key(url: str) -> str:
    """What is left of an address when nothing counts that varies between twins of one article.

    Scheme, www, m and amp hosts, /amp and trailing slash, index page, tracking parameters. Any other parameter counts:
    ?id=1 is not ?id=2.
    """
    parts = urlsplit(clean(_unwrapped(url)))
    path = _AMP_PREFIX.sub("", _AMP_SUFFIX.sub("", unquote(parts.path)))
    path = re.sub("//+", "/", _INDEX_PAGE.sub("", path)).rstrip("/")
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_amp_parameter(*pair))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    return _bare_host(parts.netloc) + path + (f"?{query}" if query else "")


def is_amp(url: str) -> bool:
    """Whether the address is the AMP twin of another."""
    parts = urlsplit(url)
    return (
        _unwrapped(url) != url
        or parts.netloc.startswith(("amp.", "amp-"))
        or bool(_AMP_SUFFIX.search(parts.path) or _AMP_PREFIX.search(parts.path))
        or any(_is_amp_parameter(*pair) for pair in parse_qsl(parts.query, keep_blank_values=True))
    )


def canonical(url: str, declared: Iterable[str]) -> str:
    """The article's name: the first declared address (rel=canonical, og:url) that can be believed, else `url` cleaned.

    An address of another site, or the front page, is a template's mistake. Google's AMP wrappers are undone.
    """
    for candidate in declared:
        absolute = _joined(url, candidate)
        if absolute and _is_believable(absolute, url):
            return clean(absolute)
    return clean(_unwrapped(url))


def related(canonical_url: str, seen: Iterable[str], amp: str | None = None) -> list[dict[str, str]]:
    """The addresses seen for an article with their relation, sorted; `amp` is the twin that the page names."""
    relations = {canonical_url: "canonical"}
    if amp and (twin := _joined(canonical_url, amp)):
        relations.setdefault(twin, "amp")
    for url in seen:
        if url and url.startswith("http"):
            relations.setdefault(url, _relation(url, canonical_url))
    return [{"url": url, "relation": relation} for url, relation in sorted(relations.items())]


def site(url: str) -> str:
    """The registered domain, nearly: the last two labels of the host, or three under co.uk and the like."""
    labels = host(url).split(".")
    keep = 3 if len(labels) >= 3 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def host(url: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # such as a bracket in the host
        return ""


def _relation(url: str, canonical_url: str) -> str:
    if is_amp(url):
        return "amp"
    return "tracking" if clean(url) != _spelled(url) and loose_key(url) == loose_key(canonical_url) else "redirect"


def _is_believable(candidate: str, url: str) -> bool:
    parts = urlsplit(candidate)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        return False
    if not url.startswith("http"):  # a saved page: its own word is all there is
        return True
    is_front_page = parts.path in ("", "/") and not parts.query
    return site(candidate) == site(_unwrapped(url)) and (not is_front_page or urlsplit(url).path in ("", "/"))


def _joined(base: str, reference: str) -> str | None:
    try:
        return urljoin(base, reference.strip())
    except ValueError:  # such as a bracket in the host
        return None


def _spelled(url: str) -> str:
    """One spelling: escapes as browsers send them, host in lower case, no default port or fragment; a URN stays."""
    text = "".join(url.split())
    if not text.lower().startswith(("http://", "https://")):
        return text
    try:
        parts = urlsplit(safe_url_string(text))
        port = parts.port
    except ValueError:  # no address at all: it is its own key
        return text
    host = (parts.hostname or "").rstrip(".")
    default = {"http": 80, "https": 443}[parts.scheme]
    netloc = f"{host}:{port}" if port and port != default else host
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def _unwrapped(url: str) -> str:
    """The address inside Google's AMP viewer or the AMP cache."""
    match = _GOOGLE_AMP.match(url) or _AMP_CACHE.match(url)
    return f"http{'s' if match[1] else ''}://{match[2]}" if match else url


def _is_tracking(name: str, value: str) -> bool:
    if name.lower() in _AMBIGUOUS:
        return not value or _WORDS_VALUE.fullmatch(value) is not None
    return _TRACKING.match(name) is not None


def _is_amp_parameter(name: str, value: str) -> bool:
    name, value = name.lower(), value.lower()
    return name in _AMP_PARAMETERS or (name in _AMP_SWITCHES and value == "amp")


def _bare_host(netloc: str) -> str:
    """The host without labels that only choose a rendering; one label and the top-level domain stay."""
    host = netloc
    while label := next((x for x in _HOST_LABELS if host.startswith(x) and "." in host[len(x) :]), None):
        host = host[len(label) :]
    return host
