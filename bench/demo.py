"""The demo against its limits: wall time, memory and start-up, each as a share of its limit. `python bench/demo.py`"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LIMITS = {"import incidents": 0.2, "incidents --help": 1.0, "incidents run --sample": 60.0}
MEMORY_LIMIT = 2 * 2**30  # bytes, the largest process
REPEATS = 5


def timed(command: list[str], repeats: int = 1, **environment: str) -> float:
    """The best wall time of a command in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=os.environ | environment)  # noqa: S603
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="demo-"))
    try:
        seconds = {
            "import incidents": timed([sys.executable, "-c", "import incidents"], REPEATS),
            "incidents --help": timed([str(BIN / "incidents"), "--help"], REPEATS),
            "incidents run --sample": timed(
                [str(BIN / "incidents"), "run", "--sample", "--data-dir", str(folder / "demo")],
                DAGSTER_HOME=str(folder / "home"),
            ),
        }
    finally:
        shutil.rmtree(folder)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    for what, limit in LIMITS.items():
        print(f"{what:28} {seconds[what]:7.2f} s   {seconds[what] / limit:5.2f} of the limit of {limit:g} s")
    print(f"{'largest process':28} {peak / 2**20:7.0f} MB  {peak / MEMORY_LIMIT:5.2f} of the limit of 2 GB")


if __name__ == "__main__":
    main()
