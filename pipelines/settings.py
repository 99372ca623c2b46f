"""Where things are: the repository's own folders, and the home a warehouse is built in.

Paths, limits and environment variables belong here; nothing here reads a file or creates a folder. What cannot be
derived again lies in `raw/`, what can be deleted at any time lies in the home.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository. juesuan is installed editable, so `raw/` and `sql/` lie beside this package."""
RAW = ROOT / "raw"
SQL = ROOT / "sql"
PORTALS = RAW / "portals"
WORKSPACE = ROOT / "workspace.yaml"

DEFAULT_HOME = ROOT / "warehouse"
HOME_VARIABLE = "JUESUAN_HOME"
WORKERS_VARIABLE = "JUESUAN_WORKERS"
CONTACT_VARIABLE = "JUESUAN_CONTACT"
"""Who asks, for the User-Agent: an e-mail address or a page."""

DOCUMENT_SECONDS = 300.0
"""Time limit for one document; 200 pages take about 10 s, so what needs longer is broken or hostile."""
DOCUMENT_MEMORY_BYTES = 4 * 1024**3
"""Address space that reading documents may add to a worker process."""
BUILDS_KEPT = 5
"""How many published builds are kept, the current one included: readers may still have an older one open."""


@dataclass(frozen=True)
class Home:
    """The folder one warehouse lives in. All properties are paths below it, except the default home's archive."""

    root: Path

    @property
    def archive(self) -> Path:
        """The documents: `raw/documents` for the default home, so that clearing the home keeps them."""
        return RAW / "documents" if self.root == DEFAULT_HOME else self.root / "archive"

    @property
    def page_cache(self) -> Path:
        """Pages as read, by extractor and sha256."""
        return self.root / "cache" / "pages"

    @property
    def portals(self) -> list[Path]:
        """Where portals are described: the project's own, and this home's."""
        return [PORTALS, self.root / "portals"]

    @property
    def inbox(self) -> Path:
        """The drop-in folder: PDFs put here are registered while `juesuan ui` runs."""
        return self.root / "inbox"

    @property
    def web_cache(self) -> Path:
        """Pages of portals as last fetched, to ask only for what has changed, and how far a stopped walk came."""
        return self.root / "cache" / "web"

    @property
    def reread_cache(self) -> Path:
        """Pages as read a second time, by another reader, where an identity does not hold."""
        return self.root / "cache" / "reread"

    @property
    def parquet(self) -> Path:
        """Tables in flight: `parquet/<schema>/<table>.parquet`."""
        return self.root / "parquet"

    def extracted(self, partition: str) -> Path:
        """What was read from the documents of one partition: documents, tables and figures as parquet."""
        return self.parquet / "extract" / partition

    @property
    def builds(self) -> Path:
        """Finished warehouses, one file per build."""
        return self.root / "builds"

    @property
    def warehouse(self) -> Path:
        """The name readers open: a symlink to the current build."""
        return self.root / "juesuan.duckdb"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: run history and asset events."""
        return self.root / "dagster"

    @property
    def built(self) -> Path:
        """What the current build was made from: tells whether there is anything to do."""
        return self.root / "built.json"

    @property
    def lock(self) -> Path:
        """Held while a command builds in this home."""
        return self.root / ".lock"


def home_at(folder: Path | str | None = None) -> Home:
    """The home at `folder`, else at $JUESUAN_HOME, else the default `warehouse/` of the repository."""
    chosen = folder or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME
    return Home(Path(chosen).expanduser().resolve())


def default_workers() -> int:
    """Worker processes to read documents with: $JUESUAN_WORKERS, else one per core this process may use."""
    wanted = os.environ.get(WORKERS_VARIABLE, "")
    return max(1, int(wanted)) if wanted.isdigit() else os.cpu_count() or 1
