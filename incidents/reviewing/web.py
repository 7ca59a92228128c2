"""The queue on a page of this machine.

Only whoever has the address printed on the terminal gets in: its random token is exchanged for a cookie and leaves the
address. Answers are POSTs that need the cookie, the page's own CSRF token and the page's own Origin; a foreign Host is
refused, so that no site on the web can reach the page by renaming itself (DNS rebinding). Nothing comes from elsewhere.
"""

import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from urllib.parse import parse_qsl

import uvicorn
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from incidents.errors import UserError
from incidents.reviewing.session import WHY, Session

HOST = "127.0.0.1"
COOKIE = "review"
MOST_BYTES = 64 * 1024  # of a form
TEMPLATES = ("page.html.j2", "style.css.j2", "keys.js.j2")
Handler = Callable[[Request], Awaitable[Response]]


class Page:
    """The page of one session: its secrets, its address and what it answers."""

    def __init__(self, session: Session, port: int) -> None:
        self.token, self.csrf, self._cookie = (secrets.token_urlsafe(32) for _ in range(3))
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.address = f"http://{HOST}:{port}/?token={self.token}"
        self.stop: Callable[[], None] = lambda: None
        self._session = session
        folder = files("incidents.reviewing") / "templates"
        loader = DictLoader({name: (folder / name).read_text(encoding="utf-8") for name in TEMPLATES})
        self._template = Environment(loader=loader, autoescape=True).get_template("page.html.j2")

    def app(self) -> Starlette:
        """The application, every request checked before it is answered."""
        routes = [Route("/", self._show), Route("/{action}", self._act, methods=["POST"])]
        found = Starlette(routes=routes)
        found.add_middleware(BaseHTTPMiddleware, dispatch=self._guard)
        return found

    async def _guard(self, request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        reason = self._refusal(request)
        response = PlainTextResponse(reason, 403) if reason else await answer(request)
        nonce = getattr(request.state, "nonce", "")
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers.update({
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        })  # fmt: skip
        return response

    def _refusal(self, request: Request) -> str | None:
        """Why a request is refused; None for one that may pass."""
        host = request.headers.get("host", "")
        if host not in self.hosts:
            return "another host"
        if request.method == "POST" and request.headers.get("origin") != f"http://{host}":
            return "another origin"
        cookie, token = request.cookies.get(COOKIE, ""), request.query_params.get("token", "")
        entering = request.method == "GET" and request.url.path == "/" and _equal(token, self.token)
        if not entering and not _equal(cookie, self._cookie):
            return "open the address that the terminal shows"
        return None

    async def _show(self, request: Request) -> Response:
        if "token" in request.query_params:
            response = RedirectResponse("/", 303)
            response.set_cookie(COOKIE, self._cookie, httponly=True, samesite="strict", path="/")
            return response
        return self._page(request)

    async def _act(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return PlainTextResponse("too long", 413)
        form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        if not _equal(form.get("csrf", ""), self.csrf):
            return PlainTextResponse("not from this page", 403)
        try:
            self._take(request.path_params["action"], form)
        except UserError as error:
            return self._page(request, str(error), 400)
        return RedirectResponse("/", 303)

    def _take(self, action: str, form: Mapping[str, str]) -> None:
        question = self._session.question
        if action == "stop":
            self.stop()
        elif action == "undo":
            self._session.undo()
        elif question is not None and form.get("question") != question.id:
            raise UserError("that question was answered before; this is the next one")
        elif action == "skip":
            self._session.skip()
        elif action == "answer":
            self._session.answer(form.get("choice", ""), form, form.get("why", ""))
        else:
            raise UserError(f"no action {action}")

    def _page(self, request: Request, error: str = "", status: int = 200) -> Response:
        request.state.nonce = secrets.token_urlsafe(16)
        session = self._session
        shown = self._template.render(
            question=session.question, left=session.left, given=session.given, who=session.who, why=WHY, error=error,
            csrf=self.csrf, nonce=request.state.nonce,
        )  # fmt: skip
        return HTMLResponse(shown, status)


def serve(session: Session, port: int) -> None:
    """Serve the page until it is stopped there or by Ctrl-C. UserError where the port is taken."""
    with listening(port) as door:
        page = Page(session, door.getsockname()[1])
        print(f"open {page.address}\nstop with Ctrl-C, or on the page", flush=True)
        server(page).run(sockets=[door])
    print(f"{session.given} answers kept; they count from the next run on.")


def listening(port: int) -> socket.socket:
    """A socket that takes connections from this machine only; 0 finds a free port."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError as error:
        door.close()
        raise UserError(f"--port {port}: {error.strerror}; choose another, or leave it out") from error
    door.listen()
    return door


def server(page: Page) -> uvicorn.Server:
    """The server of a page, which the page can stop."""
    found = uvicorn.Server(uvicorn.Config(page.app(), log_level="warning", server_header=False))
    page.stop = lambda: setattr(found, "should_exit", True)
    return found


def _equal(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(), wanted.encode())
