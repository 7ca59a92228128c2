"""How much memory the crawl itself takes.

Scrapy asks for the most that the process ever had, in which Linux counts what its parent had when it started it: beside
a large parent every crawl would seem too large from the start.
"""

import re
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")
_HIGHEST = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class OwnMemory(MemoryUsage):
    """Scrapy's extension with the memory of this program alone; on other systems than Linux as Scrapy has it."""

    def get_virtual_size(self) -> int:
        """Bytes at the highest since the program began."""
        found = _HIGHEST.search(_STATUS.read_text()) if _STATUS.exists() else None
        return int(found[1]) * 1024 if found else int(super().get_virtual_size())
