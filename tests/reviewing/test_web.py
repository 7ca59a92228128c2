"""The page on this machine: who gets in, who does not, and what an answer writes."""

import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from incidents.errors import UserError
from incidents.reviewing import web

INCIDENTS = Path(sys.executable).parent / "incidents"


class Served:
    """A page, and somebody who entered by its address."""

    def __init__(self, data_dir, address):
        self.data_dir, self.entry = data_dir, address
        self.home = address.split("?")[0].rstrip("/")
        self.browser = requests.Session()
        self.page = self.browser.get(self.entry)

    def hidden(self, name):
        return re.search(rf'name="{name}" value="([^"]+)"', self.page.text)[1]

    def post(self, action="answer", browser=None, headers=None, **changes):
        form = {"csrf": self.hidden("csrf"), "question": self.hidden("question"), "choice": "s", "why": ""} | changes
        sent = {"Origin": self.home} | (headers or {})
        return (browser or self.browser).post(f"{self.home}/{action}", form, headers=sent, allow_redirects=False)

    def lines(self):
        path = self.data_dir / "curation" / "judgements.jsonl"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def served(data_dir, session):
    """The page on a real port of this machine, served by a thread."""
    with web.listening(0) as door:
        page = web.Page(session("ann", "pair", "date"), door.getsockname()[1])
        server = web.server(page)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield Served(data_dir, page.address)
        page.stop()
        thread.join(timeout=10)


def test_only_the_printed_address_leads_in(served):
    stranger = requests.Session()
    assert stranger.get(served.home).status_code == 403
    assert stranger.get(f"{served.home}/?token=guess").status_code == 403
    assert served.post(browser=stranger).status_code == 403
    assert served.page.status_code == 200
    assert served.page.url == f"{served.home}/"  # the token has left the address
    cookie = served.page.history[0].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_another_origin_host_or_page_is_refused(served):
    assert served.post(headers={"Origin": "https://evil.example"}).status_code == 403
    assert served.post(headers={"Origin": "null"}).status_code == 403
    assert served.post(headers={"Host": "evil.example", "Origin": "http://evil.example"}).status_code == 403
    assert served.browser.get(served.home, headers={"Host": "evil.example"}).status_code == 403
    assert served.post(csrf="wrong").status_code == 403
    assert served.lines() == []


def test_a_good_answer_is_one_line_and_undo_another(served):
    assert served.post(why="read both").status_code == 303
    assert len(served.lines()) == 1
    assert '"who": "ann", "why": "read both"' in served.lines()[0]
    assert served.post().status_code == 400  # that question was answered
    assert len(served.lines()) == 1
    assert served.post("undo").status_code == 303
    assert "retract" in served.lines()[1]


def test_what_cannot_be_kept_is_told(served):
    answer = served.post(choice="s", why="Tom Baker it is")
    assert answer.status_code == 400
    assert "names a person whose name is withheld" in answer.text
    assert served.post(choice="?").status_code == 400
    assert served.post("sneeze").status_code == 400
    assert served.post(why="x" * 100_000).status_code == 413
    assert served.lines() == []


def test_the_page_loads_nothing_from_elsewhere(served):
    policy = served.page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    loaded = re.findall(r'<(?:link|script|img|style|iframe)[^>]*(?:src|href)="([^"]*)"', served.page.text)
    assert loaded == ["data:,"]


def test_the_command_prints_the_address_and_stops_when_told(data_dir):
    command = [INCIDENTS, "review", "--web", "--only", "pair", "--who", "ann", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        served = Served(data_dir, process.stdout.readline().split()[1])
        assert served.post("stop").status_code == 303
        assert process.wait(timeout=30) == 0


def test_a_taken_port_is_told():
    with web.listening(0) as door, pytest.raises(UserError, match="--port"):
        web.listening(door.getsockname()[1])


@pytest.fixture
def chromium():
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine")
def test_a_person_answers_by_keyboard(served, chromium):
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    problems, asked = [], set()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "data"))
    page.goto(served.entry)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    question = page.inner_text("h1")
    assert page.evaluate("document.activeElement.id") == "question"

    page.fill("#why", "read both")
    page.press("#why", "Enter")  # leaves the field, answers nothing
    assert served.lines() == []
    page.keyboard.press("u")
    page.wait_for_function("text => document.querySelector('h1').innerText !== text", arg=question)
    assert '"verdict": "unsure"' in served.lines()[0]
    page.keyboard.press("z")
    page.wait_for_function("text => document.querySelector('h1').innerText === text", arg=question)
    page.keyboard.press("s")
    page.wait_for_function("text => document.querySelector('h1').innerText !== text", arg=question)
    assert [("retract" in line, '"same"' in line) for line in served.lines()[1:]] == [(True, False), (False, True)]
    assert problems == []
    assert asked <= {served.home.split("/")[2], "data"}
