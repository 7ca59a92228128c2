"""Reading: WARC record in, article out. `read_warc` for the pipeline, `documents` and `inspect` for a look."""

from incidents.read.article import READER_VERSION
from incidents.read.gate import Gate
from incidents.read.inputs import archive_inputs
from incidents.read.reader import documents, inspect, read_warc

__all__ = ["READER_VERSION", "Gate", "archive_inputs", "documents", "inspect", "read_warc"]
