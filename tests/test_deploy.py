"""deploy/: the unit, the Compose file and the proxy are valid, and name only what this code has."""

import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from ssl import CERT_NONE, create_default_context

import pytest
import yaml
from dagster._core.instance.config import dagster_instance_config

from incidents.configuration import SETTINGS

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "incidents.service"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
DECLARED = {setting.variable for setting in SETTINGS}
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def read(name):
    return (DEPLOY / name).read_text()


@pytest.mark.parametrize("name", ["systemd/incidents.service", "systemd/incidents.env.example", "compose/.env.example",
                                  "compose/Dockerfile", "compose/compose.yaml", "README.md"])  # fmt: skip
def test_every_setting_that_is_named_exists(name):
    named = set(re.findall(r"\bINCIDENTS_[A-Z_]+\b", read(name)))
    assert named <= DECLARED


def test_every_module_and_command_that_is_called_exists():
    called = {name for file in (UNIT, DEPLOY / "compose" / "Dockerfile", DEPLOY / "README.md")
              for name in re.findall(r"python\W+-m\W+([\w.]+)", file.read_text())}  # fmt: skip
    assert "incidents.defs.up" in called
    assert all(find_spec(name) for name in called)
    commands = set(re.findall(r"(?:bin/|exec incidents )incidents (\w+)", read("README.md")))
    known = (ROOT / "incidents" / "cli.py").read_text()
    assert commands
    assert all(re.search(rf"^def {command}\(", known, re.MULTILINE) for command in commands)


def test_every_file_that_is_named_is_there():
    context = DEPLOY / "compose" / COMPOSE["services"]["incidents"]["build"]["context"]
    assert context.resolve() == ROOT
    assert (ROOT / COMPOSE["services"]["incidents"]["build"]["dockerfile"]).exists()
    mounts = [mount.split(":")[0] for service in COMPOSE["services"].values() for mount in service["volumes"]]
    files = [mount for mount in mounts if mount.endswith((".yaml", ".conf"))]
    assert len(files) == 2
    assert all((DEPLOY / "compose" / file).exists() for file in files)
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_the_service_knows_the_variables_of_its_storage():
    storage = yaml.safe_load(read("compose/dagster.yaml"))["storage"]["postgres"]["postgres_db"]
    wanted = {value["env"] for value in storage.values() if isinstance(value, dict)}
    assert wanted == set(COMPOSE["services"]["incidents"]["environment"])
    assert "DAGSTER_PG_PASSWORD=" in read("compose/.env.example")


def test_dagster_is_configured_as_without_postgresql(tmp_path):
    ours = yaml.safe_load(read("compose/dagster.yaml"))
    storage = ours.pop("storage")
    assert ours == yaml.safe_load((ROOT / "dagster_home" / "dagster.yaml").read_text())
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(ours))
    assert dagster_instance_config(str(tmp_path))
    if find_spec("dagster_postgres"):
        (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(ours | {"storage": storage}))
        assert dagster_instance_config(str(tmp_path))


def test_the_storage_belongs_to_the_locked_dagster():
    """Dagster's libraries are numbered 0.16 behind it: 1.13.27 and 0.29.27."""
    minor, patch = re.search(r"^dagster==1\.(\d+)\.(\d+)", (ROOT / "requirements.lock").read_text(), re.M).groups()
    assert f"dagster-postgres==0.{int(minor) + 16}.{patch}" in read("compose/Dockerfile")


def test_no_secret_gets_into_the_repository_or_the_image():
    secret = [".env", "tls"]
    assert [line.rstrip("/") for line in read("compose/.gitignore").split()] == secret
    assert {f"deploy/compose/{name}" for name in secret} <= set(read("compose/Dockerfile.dockerignore").split())


def test_nothing_but_the_proxy_is_open_to_others():
    assert COMPOSE["services"]["nginx"]["network_mode"] == "service:incidents"
    assert {name: service.get("ports") for name, service in COMPOSE["services"].items()} == {
        "postgres": None, "incidents": ["80:80", "443:443"], "nginx": None}  # fmt: skip
    assert "--host 127.0.0.1" in UNIT.read_text()
    assert "--host" not in read("compose/Dockerfile")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    """With an interpreter that is there, for the one in /opt is not."""
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/incidents/.venv/bin/python", shutil.which("python3")))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert unit.name not in done.stderr


class Page(BaseHTTPRequestHandler):
    """What stands behind the proxy: says which password it was shown."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"seen: {self.headers.get('Authorization')}".encode())

    def log_message(self, *_):
        pass


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def free_ports(number):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture
def proxy(tmp_path):
    """nginx with our configuration on free ports, a certificate of its own and the password of one user."""
    plain, secure = free_ports(2)
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
                   check=True, capture_output=True)  # fmt: skip
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "open"], check=True, capture_output=True, text=True).stdout
    (tmp_path / "htpasswd").write_text(f"desk:{hashed}")
    (tmp_path / "htpasswd").chmod(0o644)
    tmp_path.chmod(0o755)
    ours = read("nginx/incidents.conf").replace("/etc/nginx/incidents", str(tmp_path))
    ours = re.sub(r"\n.*listen \[::\].*", "", ours).replace("listen 80;", f"listen 127.0.0.1:{plain};")
    ours = ours.replace("listen 443", f"listen 127.0.0.1:{secure}")
    ours = ours.replace("127.0.0.1:3000", f"127.0.0.1:{behind.server_port}")
    temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    user = "user root;" if Path("/proc/self").owner() == "root" else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}}"
        f"http {{ access_log off; {temporary} {ours} }}"
    )
    nginx = subprocess.Popen([NGINX, "-p", tmp_path, "-e", tmp_path / "errors", "-c", tmp_path / "nginx.conf"])
    try:
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", nginx
    finally:
        nginx.terminate()
        nginx.wait(10)
        behind.shutdown()


def until_it_listens(address, process):
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))).close()
            return
        except ConnectionRefusedError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="needs nginx and openssl")
def test_the_proxy_asks_for_the_password_and_keeps_it(proxy):
    plain, secure, nginx = proxy
    trusting = create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, CERT_NONE

    def get(url, password=None):
        headers = {"Authorization": f"Basic {b64encode(f'desk:{password}'.encode()).decode()}"} if password else {}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), context=trusting) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Strict-Transport-Security")

    until_it_listens(secure, nginx)
    assert get(secure) == (401, "max-age=31536000")
    assert get(secure, "wrong")[0] == 401
    assert get(secure, "open") == (200, "seen: None")
    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(NoRedirect).open(plain)
    assert (moved.value.code, moved.value.headers["Location"]) == (301, "https://127.0.0.1/")
