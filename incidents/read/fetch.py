"""One page from the web, for a look at it; crawling is done by scrapers/."""

import urllib.error
import urllib.request
from datetime import datetime

from incidents.errors import UserError
from incidents.read.warc import MAX_BODY, Page

_USER_AGENT = "facial-recognition-incidents (reads one page on request)"
_TIMEOUT = 20  # seconds


def fetch(url: str, fetched_at: datetime) -> Page:
    """Fetch one page; raises UserError with the address and the reason where that fails."""
    request = urllib.request.Request(url, headers={"User-Agent": _USER_AGENT, "Accept": "text/html"})  # noqa: S310 the caller checked the scheme
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310
            body = response.read(MAX_BODY + 1)
            headers = {name.lower(): value for name, value in response.headers.items()}
            final, status = response.geturl(), response.status
    except urllib.error.HTTPError as error:
        raise UserError(f"{url}: the server answered {error.code}; check the address") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{url}: could not be fetched ({error}); check the address and the connection") from error
    if len(body) > MAX_BODY:
        raise UserError(f"{url}: larger than {MAX_BODY >> 20} MB; save the article and give the file")
    return Page(final, status, headers, body, fetched_at, url, 0, {"requested-url": url})
