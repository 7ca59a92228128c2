"""Addresses: the key under which a page is fetched once, and the site whose patience it costs."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import safe_url_string

MAX_LENGTH = 2083

# Parameters that only tell a publisher where a reader came from. `ref`, `source` and the like are not here: on some
# sites they choose the page.
_TRACKING = re.compile(
    r"utm_\w+|(fb|g|d|y|msclk|tt|tw)clid|gclsrc|wbraid|gbraid|msclkid|igshid|igsh|mc_[ce]id|mkt_tok|_hsenc|_hsmi"
    r"|at_(medium|campaign|custom\d|link_\w+|format|ptr_name|bbc_team)|ns_(mchannel|source|campaign|linkname|fee)"
    r"|xtor|wt\.mc_id|s_cid|cmpid|ocid|ncid|smid|smtyp|ito|vero_(id|conv)|oly_(anon|enc)_id|_ga|_gl|__twitter_impression",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


class BadUrlError(ValueError):
    """An address that cannot name a web page."""


def absolute(base: str, url: str) -> str:
    """`url` as seen on the page `base`, absolute and escaped; raises BadUrlError when it is no http(s) address."""
    try:
        joined = safe_url_string(urljoin(base, url.strip()))
        parts = urlsplit(joined)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and len(joined) <= MAX_LENGTH
        _ = parts.port  # a port that is no number raises here
    except ValueError as error:
        raise BadUrlError(f"not an address: {url[:200]!r}") from error
    if not usable:
        raise BadUrlError(f"not an http or https address: {url[:200]!r}")
    return joined


@lru_cache(maxsize=10_000)
def fetch_key(url: str) -> str:
    """The address without fragment, tracking parameters and default port: equal for twins that are one page to fetch.

    The key is itself an address of the page. Order and case of the remaining parameters stay: sites give them meaning.
    """
    parts = urlsplit(absolute(url, url))
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    return urlunsplit((parts.scheme, (f"[{host}]" if ":" in host else host) + port, parts.path or "/", query, ""))


@lru_cache(maxsize=100_000)
def site_of_host(host: str) -> str:
    """The registered domain by the bundled public suffix list; an IP address or a single name is its own site."""
    parts = _suffixes(host)
    if parts.ipv4 or parts.ipv6:
        return host
    if parts.domain and parts.suffix:
        return f"{parts.domain}.{parts.suffix}"
    return ".".join(host.split(".")[-2:])  # the list's own rule for a top-level domain it does not know


def site(url: str) -> str:
    """The site that an address belongs to: one site gets one request at a time."""
    return site_of_host((urlsplit(url).hostname or "").lower())


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(pair.partition("=")[0]) is not None
