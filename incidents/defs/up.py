"""`make up`: Dagster's webserver and daemon side by side; both stop when one stops, or on Ctrl-C or SIGTERM."""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import filelock

from incidents import settings

GRACE = 20  # seconds between asking a process to stop and killing it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=settings.data_dir())
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="3000")
    options = parser.parse_args()
    home = settings.prepare_dagster_home()
    environment = os.environ | {"DAGSTER_HOME": str(home), "INCIDENTS_DATA_DIR": str(options.data_dir.absolute())}
    try:
        with filelock.FileLock(home / ".up.lock").acquire(timeout=0):
            return _supervise(_commands(options.host, options.port), environment, options)
    except filelock.Timeout:
        print(f"up: already running with DAGSTER_HOME={home}; stop that one first", file=sys.stderr)
        return 2


def _commands(host: str, port: str) -> dict[str, list[str]]:
    code = ["-m", "incidents.definitions"]
    programs = Path(sys.executable).parent
    return {
        "webserver": [str(programs / "dagster-webserver"), "--host", host, "--port", port, *code],
        "daemon": [str(programs / "dagster-daemon"), "run", *code],
    }


def _supervise(commands: dict[str, list[str]], environment: dict[str, str], options: argparse.Namespace) -> int:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # A session of their own: Ctrl-C reaches this process alone, which then stops both in order.
    running = {
        name: subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 our own commands
        for name, command in commands.items()
    }
    print(f"up: http://{options.host}:{options.port} on {options.data_dir}; Ctrl-C stops it", flush=True)
    while not stopping and all(process.poll() is None for process in running.values()):
        time.sleep(0.2)
    ended = {name: process.returncode for name, process in running.items() if process.poll() is not None}
    for process in running.values():
        _stop(process)
    for name, code in ended.items():
        print(f"up: the {name} ended by itself with code {code}; see its messages above", file=sys.stderr)
    return 1 if ended else 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
