"""`make up`: Dagster's webserver, its daemon and our definitions side by side; all stop together, on Ctrl-C too."""

import argparse
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

import filelock

from incidents import settings
from incidents.errors import UserError

GRACE = 20  # seconds between asking a process to stop and killing it
LOCATION = "incidents.definitions"
PR_SET_PDEATHSIG = 1  # of prctl(2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=settings.data_dir())
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="3000")
    options = parser.parse_args()
    home = settings.prepare_dagster_home()
    settings.share(options.data_dir)
    environment = os.environ | {"DAGSTER_HOME": str(home)}
    try:
        with filelock.FileLock(home / ".up.lock").acquire(timeout=0):
            # Webserver and daemon would both make an empty history at the same moment, and leave it broken.
            if subprocess.run([sys.executable, "-m", "incidents.defs.processes"], env=environment).returncode:
                history = home / "history"
                print(f"up: the runs' history cannot be used, see above; move {history} away", file=sys.stderr)
                return 2
            with tempfile.TemporaryDirectory(prefix="incidents-") as folder:
                socket = Path(folder) / "definitions.sock"  # its path must be short, and nobody else's business
                return _supervise(_commands(home, socket, options), socket, environment, options)
    except filelock.Timeout:
        print(f"up: already running with DAGSTER_HOME={home}; stop that one first", file=sys.stderr)
        return 2


def _commands(home: Path, socket: Path, options: argparse.Namespace) -> dict[str, list[str]]:
    """One server of definitions for both: with their own, the daemon would import all of it again every minute."""
    programs, workspace = Path(sys.executable).parent, home / "workspace.yaml"
    server = {"grpc_server": {"host": "localhost", "socket": str(socket), "location_name": LOCATION}}
    workspace.write_text(json.dumps({"load_from": [server]}))  # JSON is YAML
    address = ["--host", options.host, "--port", options.port]
    return {
        "definitions": [str(programs / "dagster"), "api", "grpc", "-m", LOCATION, "--socket", str(socket)],
        "webserver": [str(programs / "dagster-webserver"), *address, "-w", str(workspace)],
        "daemon": [str(programs / "dagster-daemon"), "run", "-w", str(workspace)],
    }


def _supervise(
    commands: dict[str, list[str]], socket: Path, environment: dict[str, str], options: argparse.Namespace
) -> int:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running: dict[str, subprocess.Popen[bytes]] = {}

    def well() -> bool:
        return not stopping and all(process.poll() is None for process in running.values())

    for name, command in commands.items():
        if well():
            # A session of their own: Ctrl-C reaches this process alone, which then stops all in order.
            running[name] = subprocess.Popen(  # noqa: S603 our own commands
                command, env=environment, start_new_session=True, preexec_fn=_end_with_parent
            )
        while well() and not socket.exists():
            time.sleep(0.1)
    if well():
        print(f"up: http://{options.host}:{options.port} on {options.data_dir}; Ctrl-C stops it", flush=True)
    while well():
        time.sleep(0.2)
    ended = {name: process.returncode for name, process in running.items() if process.poll() is not None}
    for process in reversed(running.values()):
        _stop(process)
    for name, code in ended.items():
        print(f"up: the {name} ended by itself with code {code}; see its messages above", file=sys.stderr)
    return 1 if ended else 0


def _end_with_parent() -> None:
    """In a child on Linux: have it stopped when this process is gone, however that died."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UserError as error:
        print(f"up: {error}", file=sys.stderr)
        sys.exit(2)
