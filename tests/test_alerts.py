"""Each problem once, and once more when it is mended, to real receivers on this machine."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller

from incidents.alerts import Hooks, tell

FEED = {"check web_archives.sources_deliver a-feed": "a-feed: state failing"}
RUN = {"run daily inbox": "The run of daily inbox failed: the disk is full"}


@pytest.fixture
def receiver():
    """An HTTP server that keeps what is posted; `status` is its answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.server.status == 200:
                self.server.messages.append(json.loads(body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.messages = 200, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox():
    """An SMTP server that keeps the letters it takes."""

    class Handler:
        def __init__(self):
            self.letters = []

        async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd calls it so
            self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def webhook(server):
    return Hooks(webhook=f"http://127.0.0.1:{server.server_port}/hook")


def test_a_problem_is_told_once_and_its_end_once(receiver):
    hooks = webhook(receiver)
    told = tell(FEED, {}, hooks)
    told = tell(FEED, told, hooks)
    told = tell(FEED | RUN, told, hooks)
    told = tell(RUN, told, hooks)
    assert [(message["event"], message["key"]) for message in receiver.messages] == [
        ("problem", "check web_archives.sources_deliver a-feed"),
        ("problem", "run daily inbox"),
        ("mended", "check web_archives.sources_deliver a-feed"),
    ]
    assert receiver.messages[1]["text"] == "The run of daily inbox failed: the disk is full"
    assert told == {"webhook": ["run daily inbox"]}


def test_a_problem_that_comes_again_is_told_again(receiver):
    told = {}
    for problems in (FEED, {}, FEED):
        told = tell(problems, told, webhook(receiver))
    assert [message["event"] for message in receiver.messages] == ["problem", "mended", "problem"]


def test_a_hook_that_is_down_gets_the_message_the_next_time(receiver, caplog):
    receiver.status = 500
    told = tell(FEED, {}, webhook(receiver))
    assert "webhook did not take the message" in caplog.text
    receiver.status = 200
    told = tell(FEED, told, webhook(receiver))
    tell(FEED, told, webhook(receiver))
    assert [message["event"] for message in receiver.messages] == ["problem"]


def test_a_letter_goes_to_everyone_named(mailbox):
    hooks = Hooks(email="desk@a.example, night@a.example", smtp=f"smtp://127.0.0.1:{mailbox.port}")
    tell({}, tell(RUN, {}, hooks), hooks)
    (first, letter), (_, mended) = mailbox.handler.letters
    assert first == ["desk@a.example", "night@a.example"]
    assert "Subject: [facial recognition incidents] problem: run daily inbox" in letter
    assert "the disk is full" in letter
    assert "mended: run daily inbox" in mended


@pytest.mark.parametrize(
    "hooks",
    [
        Hooks(webhook="http://127.0.0.1:1/nobody-listens"),
        Hooks(webhook="file:///etc/hostname"),
        Hooks(email="desk@a.example", smtp="smtp://127.0.0.1:1"),
        Hooks(email="desk@a.example", smtp="mail.a.example"),
    ],
)
def test_a_hook_that_cannot_be_reached_is_logged_and_nothing_more(hooks, caplog):
    assert list(tell(FEED, {}, hooks).values()) == [[]]
    assert "did not take the message" in caplog.text


def test_without_hooks_nothing_is_sent():
    assert tell(FEED, {}, Hooks()) == {}


def test_hooks_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("INCIDENTS_ALERT_WEBHOOK", "https://a.example/hook")
    monkeypatch.setenv("INCIDENTS_ALERT_EMAIL", "")  # as if it were not set
    assert Hooks.configured() == Hooks(webhook="https://a.example/hook")
