"""What `incidents organizations` and `incidents correct` do: decisions made by name, outside the queue."""

from pathlib import Path

from incidents import reference
from incidents.errors import UserError
from incidents.link import corrections, resolutions
from incidents.link.curation import folder
from incidents.link.organizations import Directory, candidate_id
from incidents.reviewing import answers
from incidents.reviewing.organizations import open_names
from incidents.reviewing.questions import Row
from incidents.reviewing.reviewer import reviewer
from incidents.reviewing.store import Store


def listing(data_dir: Path, limit: int) -> str:
    """The most frequent names that no organization is known for, with their ids and sentences."""
    lines = []
    for row in open_names(Store(data_dir), limit):
        spelled = f", also {', '.join(row['spellings'][1:])}" if len(row["spellings"]) > 1 else ""
        lines.append(f"{row['name']}  {row['organization_id']}  {row['kind']}, {row['articles']} articles{spelled}")
        lines += [f'    "{" ".join(quote.split())}"' for quote in row["quotes"]]
    return "\n".join(lines) or "every name is resolved"


def resolve(data_dir: Path, name: str, into: str, article: str | None, who: str | None, why: str) -> str:
    """Say what a name means. UserError for an unknown organization or a contradiction."""
    known = Directory(reference.load()).known
    if into not in (resolutions.NEW, resolutions.NONE, *known) and not into.startswith("org-"):
        raise UserError(f"--into {into or 'is missing'}: an id of data/reference, of another unknown name, new, or "
                        f"not_an_organization is needed")  # fmt: skip
    row: Row = {"candidate": candidate_id(name)} if into == resolutions.NONE else {"name": name}
    row |= {"organization": into} | ({"article": article} if article else {})
    return _kept(data_dir, resolutions.FILE, row, who, why or "read the sentences that name it")


def correct(
    data_dir: Path, row_id: str, field: str, value: str, source: str, quote: str, who: str | None, why: str
) -> str:
    """Correct a value. UserError for an unknown field, a missing source or a contradiction."""
    row: Row = {"row_id": row_id, "field": field, "value": value, "source": source, "quote": quote}
    return _kept(data_dir, corrections.FILE, row, who, why)


def _kept(data_dir: Path, file: str, row: Row, who: str | None, why: str) -> str:
    [(_, key)] = answers.record(data_dir, [(file, row)], reviewer(who), why)
    return f"kept as {key} in {folder(data_dir) / file}; it counts from the next run on"
