"""The process of the asset `scans`: it is told by Dagster Pipes what to scan, and tells what came of it."""

import sys
from pathlib import Path

from dagster_pipes import PipesContext, open_dagster_pipes

from incidents import lock, scanning
from incidents.errors import UserError


def scan(pipes: PipesContext) -> None:
    """Scan as the asset's configuration says. Raises UserError."""
    given = dict(pipes.extras)
    data_dir = Path(given.pop("data_dir"))
    request = scanning.Request(**given)
    files = request.files()
    with lock.writing(data_dir, "scan", lock.WAIT):
        outcomes = scanning.scan(data_dir, files, request.worker())
    for line in scanning.told(outcomes, len(set(files))):
        pipes.log.info(line)
    done = [outcome for outcome in outcomes if outcome.ok]
    counts = {"files": len(set(files)), "scanned": len(done), "failed": len(outcomes) - len(done)}
    pipes.report_asset_materialization(metadata=counts | {"rows": sum(outcome.rows for outcome in done)})


if __name__ == "__main__":
    with open_dagster_pipes() as opened:
        try:
            scan(opened)
        except UserError as error:
            opened.log.error(str(error))
            sys.exit(2)
