"""What came of a request: an answer to use, a reason to try again, or the reason why there is none."""

from scrapy import exceptions as scrapy_errors
from scrapy.http import Response

from scrapers import resolver
from scrapers.middlewares import BUSY, RobotsDeniedError, RobotsUnreachableError
from scrapers.politeness import SiteRefusedError
from scrapers.report import ROBOTS
from scrapers.urls import site

NOT_MODIFIED = 304
TRIES = 3
MAX_RATIO = 200  # of a body to what came over the wire, for bodies of a megabyte and more
_BROKEN = {408, 500, 502, 504, 520, 522, 524}
_GONE = {404, 410, 451}


class UnfetchableError(Exception):
    """An address could not be fetched: why, whether for good, and whether its whole site is over for this run."""

    def __init__(self, url: str, reason: str, for_good: bool = False, site_over: bool = False) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason, self.for_good, self.site_over = url, reason, for_good, site_over


class TryAgainError(Exception):
    """A busy or failing site; `held` says that its next turn comes later anyway."""

    def __init__(self, reason: str, held: bool) -> None:
        self.reason, self.held = reason, held


FETCH_ERRORS = (
    SiteRefusedError,
    scrapy_errors.IgnoreRequest,
    scrapy_errors.CannotResolveHostError,
    scrapy_errors.DownloadCancelledError,
    scrapy_errors.DownloadConnectionRefusedError,
    scrapy_errors.DownloadFailedError,
    scrapy_errors.DownloadTimeoutError,
    scrapy_errors.ResponseDataLossError,
    scrapy_errors.UnsupportedURLSchemeError,
    scrapy_errors.NotSupported,
    OSError,
)
_REASONS: dict[type[Exception], str] = {
    scrapy_errors.DownloadCancelledError: "too large",
    scrapy_errors.DownloadConnectionRefusedError: "connection refused",
    scrapy_errors.DownloadTimeoutError: "timeout",
    scrapy_errors.UnsupportedURLSchemeError: "not an http address",
    scrapy_errors.NotSupported: "not an http address",
}
WORTH_A_RETRY = {"timeout", "connection broken"}


def checked(url: str, response: Response, accepted: set[int]) -> Response:
    """The answer if it is one to use; raises UnfetchableError or TryAgainError."""
    status = response.status
    if status in BUSY or status in _BROKEN:
        raise TryAgainError(f"http {status}", held=status in BUSY)
    if status not in accepted:
        raise UnfetchableError(url, f"http {status}", for_good=status in _GONE)
    wire = response.request.meta.get("wire_bytes", 0) if response.request else 0
    if len(response.body) > max(1 << 20, wire * MAX_RATIO):
        raise UnfetchableError(url, "decompression ratio", for_good=True)
    return response


def unfetchable(url: str, error: Exception) -> UnfetchableError:
    """What a failed request comes to; raises the error itself when it is another middleware's message."""
    match error:
        case SiteRefusedError():
            return UnfetchableError(url, str(error), site_over=error.site == site(url))
        case RobotsDeniedError():
            return UnfetchableError(url, ROBOTS)
        case RobotsUnreachableError():
            reason = unfetchable(url, error.why).reason if error.why else "robots.txt unreachable"
            own = site(error.origin) == site(url)
            return UnfetchableError(url, reason, site_over=own and reason != "dns")  # a dead name counts as a try
        case scrapy_errors.CannotResolveHostError():
            reason = next((why for host, why in resolver.refused.items() if str(error).endswith(f" {host}.")), "dns")
            return UnfetchableError(url, reason, for_good=reason != "dns")
        case scrapy_errors.DownloadFailedError() if "certificate verify failed" in str(error):
            return UnfetchableError(url, "bad certificate")
        case scrapy_errors.IgnoreRequest() if "redirection" in str(error):
            return UnfetchableError(url, "too many redirects")
        case scrapy_errors.IgnoreRequest() if "MAXSIZE" in str(error):
            return UnfetchableError(url, "too large", for_good=True)
        case scrapy_errors.IgnoreRequest():
            raise error
    reason = _REASONS.get(type(error), "connection broken")
    return UnfetchableError(url, reason, for_good=reason in ("too large", "not an http address"))
