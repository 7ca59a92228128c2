"""Scrapy's settings. The command line (scrapers.__main__) adds USER_AGENT, LIVE, CONNECT_TO and DOWNLOAD_TIMEOUT."""

from importlib.metadata import PackageNotFoundError, version

PRODUCT = "facial-recognition-incidents"

BOT_NAME = PRODUCT
SPIDER_MODULES = ["scrapers.spiders"]

# Politeness. Pauses, robots.txt, retries and budgets are ours (scrapers.middlewares, scrapers.politeness): Scrapy
# ignores Crawl-delay and Retry-After and takes an unreachable robots.txt for leave.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = PRODUCT
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RETRY_ENABLED = False
COOKIES_ENABLED = False
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapers.middlewares.RefreshMiddleware": 580,
    "scrapers.middlewares.OnceMiddleware": 90,
    "scrapers.middlewares.RobotsMiddleware": 100,
    "scrapers.middlewares.PoliteMiddleware": 990,
}

# Safety: what a hostile site can cost.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, also after decompression
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 5  # seconds; a slower refresh reloads a page, it does not redirect
MEMUSAGE_LIMIT_MB = 2048
TWISTED_DNS_RESOLVER = "scrapers.resolver.SafeResolver"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
EXTENSIONS = {
    "scrapy.extensions.remote_control.RemoteControl": None,  # not even imported
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapers.memory.OwnMemory": 0,
}

# Speed
CONCURRENT_ITEMS = 4
REACTOR_THREADPOOL_MAXSIZE = 20

# The report and the progress line say what happens; the log is for what should not.
LOG_LEVEL = "ERROR"
STATS_DUMP = False
DOWNLOADER_STATS = False


def user_agent(contact: str) -> str:
    """The one user agent, with the address that a site's owner can write to."""
    try:
        release = version(PRODUCT)
    except PackageNotFoundError:
        release = "0"
    return f"{PRODUCT}/{release} (+{contact})"


def parse_connect_to(value: str) -> tuple[str, str, int]:
    """`.example=127.0.0.1:8000` as (".example", "127.0.0.1", 8000); raises ValueError."""
    suffix, _, target = value.partition("=")
    address, _, port = target.rpartition(":")
    if not suffix or not address or not port.isdigit():
        raise ValueError(f"{value!r} is not HOST_SUFFIX=IP:PORT, for instance .example=127.0.0.1:8000")
    return suffix, address.strip("[]"), int(port)
