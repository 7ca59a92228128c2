"""The command line: `incidents run`, `extract`, `read`, `sql`, `releases`. Heavy imports stay inside the commands."""

import errno
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from incidents import settings
from incidents.errors import UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
archive = typer.Typer(no_args_is_help=True, help="Look into the web archives.")
app.add_typer(archive, name="archive")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; INCIDENTS_DATA_DIR or data/ by default.")
]
Targets = Annotated[list[str], typer.Argument(help="Files, folders, web addresses, or - for standard input.")]


# What a full, read-only or forbidden disk says.
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR}


class Format(StrEnum):
    """How a query's result is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.callback()
def about() -> None:
    """Facial Recognition Incidents: news in, an open dataset out, with the sentence behind every value."""


@app.command()
def run(
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input", help="Your own articles: JSONL, CSV, HTML, text or WARC files, also gzipped, or folders."
        ),
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="More paths for --input.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="A source of data/reference/sources.yaml to crawl; live for all enabled.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Crawl only what was published on or after this day.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Serve and crawl the bundled sample.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Run the whole pipeline: collect what is named, then read, extract, link and publish all that is new."""
    from incidents import running

    if more and not inputs:
        raise UserError(f"unexpected {more[0]!r}: name your own articles with --input PATH...")
    if since and not source:
        raise UserError("--since chooses what is crawled: name sources with --source, or --source live")
    options = running.Options(
        inputs=tuple((inputs or []) + (more or [])),
        sources=tuple(source or ()),
        since=since.date() if since else None,
        sample=sample,
    )
    print(running.run(_folder(data_dir), options))


@app.command()
def extract(
    targets: Targets,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines, one object per article.")] = False,
) -> None:
    """Show what the pipeline finds in articles, with the sentence behind each finding."""
    from incidents import showing

    for line in showing.extractions(targets, as_json):
        print(line)


@app.command()
def read(
    targets: Targets,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines, one object per page.")] = False,
) -> None:
    """Print articles as the pipeline reads them: text, title, authors, dates, language and where each came from."""
    from incidents import showing

    for line in showing.articles(targets, as_json):
        print(line)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="SQL over the tables and views of a release.")],
    output: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TABLE,
    release: Annotated[str | None, typer.Option(help="A version; the newest by default.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Query a release."""
    from incidents import querying

    print(querying.query(_folder(data_dir), query, output.value, release))


@app.command()
def releases(data_dir: DataDir = None) -> None:
    """List the releases, the newest last."""
    from incidents import querying

    print(querying.listing(_folder(data_dir)))


@app.command()
def why(
    incident_id: Annotated[str, typer.Argument(help="An incident's id, FRI-...")],
    data_dir: DataDir = None,
) -> None:
    """Show every value of an incident with the sentences behind it, conflicting ones included."""
    from incidents import querying

    print(querying.why(_folder(data_dir), incident_id))


@archive.command("get")
def archive_get(url: Annotated[str, typer.Argument(help="The page's address.")], data_dir: DataDir = None) -> None:
    """Print a page as it was when last fetched."""
    from incidents import showing

    sys.stdout.buffer.write(showing.archived_page(_folder(data_dir), url))


@archive.command("verify")
def archive_verify(data_dir: DataDir = None) -> None:
    """Check the length and digest of every archived record."""
    from incidents import showing

    problems = list(showing.archive_problems(_folder(data_dir)))
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print("every record is as it was written")


def _folder(data_dir: Path | None) -> Path:
    return data_dir.absolute() if data_dir else settings.data_dir()


def main() -> None:
    """Run a command; a user's error, or a disk's, is one line and exit code 2."""
    try:
        app()
    except UserError as error:
        print(f"incidents: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"incidents: {where}{error.strerror}; mend that and run again, what was published stands", file=sys.stderr
        )
        sys.exit(2)
