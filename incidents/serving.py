"""`incidents serve`: the releases of a data folder on localhost, with byte ranges, so that the explorer page works."""

import contextlib
import errno
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from incidents.errors import UserError
from incidents.publish import releases


def serve(data_dir: Path, version: str | None, host: str, port: int) -> None:
    """Serve until Ctrl-C. Port 0 takes any free one. UserError where there is no release or the port is taken."""
    release = releases.find(data_dir, version)
    with _listening(host, port) as listener:
        address = f"http://{host}:{listener.getsockname()[1]}/{release.version}/"
        print(f"release {release.version} of {data_dir}: {address} (Ctrl-C stops it)", flush=True)
        configuration = uvicorn.Config(application(data_dir, release.version, host), log_level="warning")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(configuration).run(sockets=[listener])


def application(data_dir: Path, version: str, host: str) -> Starlette:
    """The releases as static files, the front page one of them. Other host names are refused: DNS rebinding."""
    return Starlette(
        routes=[
            Route("/", lambda request: RedirectResponse(f"/{version}/")),
            Mount("/", StaticFiles(directory=releases.folder(data_dir), html=True, follow_symlink=True)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]", host]),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
    )


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
            raise
        raise UserError(f"{host}:{port}: {error.strerror}; choose another with --port or --host") from error
