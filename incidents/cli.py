"""The command line: `incidents run`, `extract`, `read`, `sql`, `releases`. Heavy imports stay inside the commands."""

import errno
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from incidents import logs, settings
from incidents.errors import UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
archive = typer.Typer(no_args_is_help=True, help="Look into the web archives.")
app.add_typer(archive, name="archive")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; the configured one, or data/, by default.")
]
Targets = Annotated[list[str], typer.Argument(help="Files, folders, web addresses, or - for standard input.")]


# What a full, read-only or forbidden disk says.
DISK_ERRORS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
    *(errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR),
}


class Engine(StrEnum):
    """What runs a scan."""

    LOCAL = "local"
    SPARK = "spark"


class Format(StrEnum):
    """How a query's result is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.callback()
def about(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell of each file that is written.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log JSON lines; also by INCIDENTS_LOG=json.")] = False,
) -> None:
    """Facial Recognition Incidents: news in, an open dataset out, with the sentence behind every value."""
    try:
        as_json = log_json or settings.logs_as_json()
    except UserError:  # told by the command, where it needs a setting
        as_json = log_json
    logs.configure(verbose, as_json)


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
    from incidents import progress, running

    progress.keep_terminal()
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
def backfill(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the period.")],
    group: Annotated[str | None, typer.Option(help="Only this group of sources.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a period again: read its archive, and collect what sources with a history still tell of missing days."""
    from incidents import backfilling

    for line in backfilling.backfill(_folder(data_dir), first.date(), last.date(), group):
        print(line)


@app.command()
def scan(
    paths: Annotated[
        list[str] | None, typer.Argument(help="WARC files, folders of them, or http(s):// and s3:// addresses.")
    ] = None,
    ccnews: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="A month of Common Crawl's CC-NEWS, as in 2024-03.")
    ] = None,
    listing: Annotated[str | None, typer.Option(help="Another copy of the month's warc.paths.gz.")] = None,
    engine: Annotated[Engine, typer.Option(help="This machine's processes, or a Spark cluster.")] = Engine.LOCAL,
    processes: Annotated[int, typer.Option(help="How many; one for each core by default.", min=0)] = 0,
    master: Annotated[str, typer.Option(help="The Spark cluster, as in spark://host:7077.")] = "local[*]",
    environment: Annotated[
        str, typer.Option(help="Spark's workers unpack this: the file that make spark-env packs, or its address.")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Run the whole pipeline over WARC files where they are, streamed; only what is not scanned yet is read."""
    from incidents import scanning

    month = f"{ccnews:%Y-%m}" if ccnews else ""
    request = scanning.Request(
        paths=paths or [],
        month=month,
        listing=listing or "",
        engine=engine.value,
        processes=processes,
        master=master,
        environment=environment,
    )
    print(scanning.command(_folder(data_dir), request))


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
def explain(
    targets: Targets,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; standard output by default.")
    ] = None,
) -> None:
    """Draw articles as a page with every finding coloured in the text and the reason for it beside it."""
    from incidents import annotating, files

    html = annotating.page(targets)
    if output:
        files.write_text(output, html)
    else:
        print(html)


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
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    release: Annotated[str | None, typer.Option(help="A version; the newest by default.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Show the values of an incident with their sentences, conflicting ones included, and what linked its articles."""
    import json

    from incidents import explaining

    found = explaining.explain(_folder(data_dir), incident_id, release)
    print(json.dumps(found, default=str, ensure_ascii=False, indent=1) if as_json else explaining.printed(found))


@app.command()
def diff(
    older: Annotated[str, typer.Argument(help="A version.")],
    newer: Annotated[str, typer.Argument(help="A later one.")] = "latest",
    output: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many rows differ in each table.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Print what differs between two releases, row by row and field by field."""
    from incidents import querying, releasing

    differences = releasing.difference(_folder(data_dir), older, newer)
    if summary:
        print(querying.printed(("table", "change", "rows"), releasing.counts(differences), output.value))
    else:
        names = ("table_name", "row_id", "change", "field", "old_value", "new_value")
        rows = zip(*differences.select(names).to_pydict().values(), strict=True)
        print(querying.printed(names, list(rows), output.value))


@app.command()
def serve(
    release: Annotated[str | None, typer.Option(help="A version; the newest by default.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes any free one.")] = 8000,
    data_dir: DataDir = None,
) -> None:
    """Serve the releases with their explorer page on this machine."""
    from incidents import serving

    serving.serve(_folder(data_dir), release, host, port)


@app.command()
def publish(
    target: Annotated[
        str | None,
        typer.Argument(
            help="A folder, s3://, gs:// or az:// with a bucket and a path, or hf://datasets/OWNER/NAME; "
            "all configured by default."
        ),
    ] = None,
    release: Annotated[str | None, typer.Option(help="A version; the newest by default.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Bring a release to a folder or an object store; what is there already is never changed."""
    from incidents import releasing

    folder = _folder(data_dir)
    targets = [target] if target else settings.publish_targets()
    if not targets:
        raise UserError("nowhere to publish: name a target, or set publish.targets in incidents.toml")
    for each in targets:
        print(releasing.upload(folder, each, release))


@app.command()
def suppress(
    row_id: Annotated[str, typer.Argument(help="A person, an affected party or an incident.")] = "",
    why: Annotated[str, typer.Option(help="The reason, without the name.", prompt=True)] = "",
    who: Annotated[str, typer.Option(help="Who decided.", prompt=True)] = "",
    data_dir: DataDir = None,
) -> None:
    """Keep a name or an incident out of the next release; without a row the name is asked for and not kept."""
    from incidents import releasing

    name = "" if row_id else typer.prompt("Full name (only its keyed hash is kept)")
    print(releasing.suppress(_folder(data_dir), row_id, name, who, why))


@app.command()
def withdraw(
    version: Annotated[str, typer.Argument(help="This release and all before it.")],
    why: Annotated[str, typer.Option(help="The reason, for releases.json.", prompt=True)] = "",
    data_dir: DataDir = None,
) -> None:
    """Replace earlier releases by redacted ones, where they hold a name that is withheld today."""
    from incidents import releasing

    print(releasing.withdraw(_folder(data_dir), version, why))


@app.command()
def sources(
    group: Annotated[str | None, typer.Option(help="Only this group.")] = None,
    release: Annotated[str | None, typer.Option(help="Let in what is set aside of this source.")] = None,
    confirm: Annotated[str | None, typer.Option(help="Keep out for good what is set aside of this source.")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print the list.")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """List the sources: when each was last read, what it brings in a week and should, how it stands and why."""
    from incidents import lock, querying
    from incidents.health import Decision
    from incidents.sources import decide, table

    folder = _folder(data_dir)
    for source, decision in ((release, Decision.LET_IN), (confirm, Decision.KEPT_OUT)):
        if source:
            with lock.writing(folder, "incidents sources"):
                print(decide(folder, source, decision, settings.now()))
    if not release and not confirm:
        print(querying.printed(*table(folder, group), output.value))


@app.command()
def review(
    web: Annotated[bool, typer.Option("--web", help="On a page of this machine instead of the terminal.")] = False,
    port: Annotated[int, typer.Option(help="The page's port; any free one by default.")] = 0,
    only: Annotated[
        list[str] | None, typer.Option(help="Only questions of this kind: pair, date, organization, person, incident.")
    ] = None,
    who: Annotated[
        str | None, typer.Option(help="Your name; INCIDENTS_REVIEWER or git's user.name by default.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Decide what the pipeline cannot: which articles report one incident, which date is right, who is who."""
    from incidents import reviewing

    reviewing.review(_folder(data_dir), only, who, port if web else None)


@app.command()
def organizations(
    unresolved: Annotated[bool, typer.Option("--unresolved", help="List the most frequent unknown names.")] = False,
    limit: Annotated[int, typer.Option(help="How many names to list.", min=1)] = 20,
    merge: Annotated[str | None, typer.Option(help="A name as written, to resolve.")] = None,
    into: Annotated[str, typer.Option(help="An organization's id, new, or not_an_organization.")] = "",
    article: Annotated[str | None, typer.Option(help="Resolve the name in this article only.")] = None,
    why: Annotated[str, typer.Option(help="The reason.")] = "",
    who: Annotated[str | None, typer.Option(help="Your name, for the decision.")] = None,
    data_dir: DataDir = None,
) -> None:
    """List the names of organizations that are not known, with their sentences, or say which one a name means."""
    from incidents.reviewing import naming

    if unresolved == bool(merge):
        raise UserError("say what to do: --unresolved lists names, --merge NAME --into ID resolves one")
    folder = _folder(data_dir)
    print(naming.listing(folder, limit) if unresolved else naming.resolve(folder, str(merge), into, article, who, why))


@app.command()
def correct(
    row_id: Annotated[str, typer.Argument(help="The key of a published row, or an article that reports the incident.")],
    field: Annotated[str, typer.Argument(help="Its column.")],
    value: Annotated[str, typer.Argument(help="The right value.")],
    source: Annotated[str, typer.Option(help="Address of the page that says so.")],
    quote: Annotated[str, typer.Option(help="Its sentence, without the name of anybody who is not named.")],
    why: Annotated[str, typer.Option(help="The reason.")],
    who: Annotated[str | None, typer.Option(help="Your name, for the decision.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Correct a published value; the next run publishes it with this source as its evidence."""
    from incidents.reviewing import naming

    print(naming.correct(_folder(data_dir), row_id, field, value, source, quote, who, why))


@app.command()
def config(as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False) -> None:
    """Print every setting with its value and where that came from; secrets only as set or not."""
    from incidents import configuration, querying

    names, rows = ("setting", "value", "from"), [(v.setting.name, v.shown, v.origin) for v in configuration.values()]
    print(querying.printed(names, rows, "json" if as_json else "table"))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False, data_dir: DataDir = None
) -> None:
    """Check machine, settings and data folder, and say what to mend; exit code 2 where something must be mended."""
    import json
    from dataclasses import asdict

    from incidents.doctor import State, examine

    findings = examine(data_dir)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        print(*findings, sep="\n")
    if any(finding.state is State.MEND for finding in findings):
        raise typer.Exit(2)


@app.command()
def disk(
    free: Annotated[bool, typer.Option("--free", help="Remove what is old.")] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print the parts.")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Show what each part of the data folder takes, and what old logs and leftovers could go; never the archive."""
    from incidents import disk as parts
    from incidents import querying

    folder, now = _folder(data_dir), settings.now()
    if free:
        for path, size in parts.free(folder, now):
            print(f"removed: {path}, {parts.told(size)}")
        return
    rows = [(part.name, parts.told(part.size), part.files, part.kept) for part in parts.parts(folder)]
    print(querying.printed(("part", "size", "files", "kept"), rows, output.value))
    if output is Format.TABLE:
        for path in parts.old(folder, now):
            print(f"old: {path}; incidents disk --free removes it")


@app.command()
def upgrade(data_dir: DataDir = None) -> None:
    """Make again from the archive what an older version left in the working store; goes on where it was stopped."""
    from incidents import progress, upgrading

    progress.keep_terminal()
    for line in upgrading.upgrade(_folder(data_dir)):
        print(line, flush=True)


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
    return settings.share(data_dir)


def main() -> None:
    """Run a command; a user's error, or a disk's, is one line and exit code 2."""
    try:
        app()
    except UserError as error:
        logs.failed(str(error))
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        where = f"{error.filename}: " if error.filename else ""
        logs.failed(f"{where}{error.strerror}; mend that and run again, what was published stands")
        sys.exit(2)
