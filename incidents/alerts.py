"""Telling people about problems: by HTTP to a webhook, by e-mail, each problem once, and once more when it is mended.

Set INCIDENTS_ALERT_WEBHOOK to an address that takes a JSON POST, or INCIDENTS_ALERT_EMAIL to one or more mail addresses
and INCIDENTS_SMTP_URL to smtp://user:password@host:port (smtps:// for TLS from the start).
"""

import json
import logging
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from http.client import HTTPException
from urllib.parse import unquote, urlsplit

from incidents import settings

log = logging.getLogger(__name__)
SECONDS = 10  # to wait for a hook
PROBLEM, MENDED = "problem", "mended"
# What a hook that is down, refuses or has a wrong address raises.
HOOK_ERRORS = (OSError, HTTPException, smtplib.SMTPException, ValueError)


@dataclass(frozen=True)
class Hooks:
    """Where messages go, None for nowhere. `smtp` is the address of the mail server, with user and password."""

    webhook: str | None = None
    email: str | None = None
    smtp: str | None = None

    @classmethod
    def configured(cls) -> "Hooks":
        return cls(*settings.alerts())


@dataclass(frozen=True)
class Message:
    """A problem that began, or that is over; `key` is the same for both."""

    event: str
    key: str
    text: str


def tell(problems: Mapping[str, str], told: Mapping[str, Collection[str]], hooks: Hooks) -> dict[str, list[str]]:
    """Send each hook what it does not know yet; returns the keys of the problems that each knows of.

    `problems` are those that exist now, by key, a sentence each; `told` is what was returned the last time. A message
    that a hook does not take is logged and sent again the next time.
    """
    state = {}
    for name, send in _senders(hooks):
        known = set(told.get(name, ()))
        for message in _news(problems, known):
            try:
                send(message)
            except HOOK_ERRORS as error:
                log.warning("%s did not take the message on %s, it is sent again: %s", name, message.key, error)
            else:
                known ^= {message.key}
        state[name] = sorted(known)
    return state


def _news(problems: Mapping[str, str], known: Collection[str]) -> Sequence[Message]:
    new = [Message(PROBLEM, key, text) for key, text in sorted(problems.items()) if key not in known]
    return new + [Message(MENDED, key, f"{key} is well again") for key in sorted(set(known) - problems.keys())]


def _senders(hooks: Hooks) -> Iterator[tuple[str, Callable[[Message], None]]]:
    if hooks.webhook:
        address = hooks.webhook
        yield "webhook", lambda message: post(message, address)
    if hooks.email:
        to, server = hooks.email, hooks.smtp or "smtp://localhost:25"
        yield "email", lambda message: mail(message, to, server)


def post(message: Message, address: str) -> None:
    """POST a message as JSON. Raises one of HOOK_ERRORS."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError(f"INCIDENTS_ALERT_WEBHOOK {address!r} is no http or https address")
    body = json.dumps(asdict(message), ensure_ascii=False).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 checked above
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
        pass


def mail(message: Message, to: str, server: str) -> None:
    """Send a message by SMTP, with TLS where the server offers it. Raises one of HOOK_ERRORS."""
    parts = urlsplit(server)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("INCIDENTS_SMTP_URL is no smtp:// or smtps:// address")
    contact = settings.contact() or ""
    letter = EmailMessage()
    letter["From"] = contact if "@" in contact else to
    letter["To"] = to
    letter["Subject"] = f"[facial recognition incidents] {message.event}: {message.key}"
    letter.set_content(message.text)
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(parts.hostname, parts.port or 465, timeout=SECONDS, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(parts.hostname, parts.port or 25, timeout=SECONDS)
    ) as client:
        if parts.scheme == "smtp" and client.ehlo() and client.has_extn("starttls"):
            client.starttls(context=context)
        if parts.username:
            client.login(unquote(parts.username), unquote(parts.password or ""))
        client.send_message(letter)
