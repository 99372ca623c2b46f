"""What assets are handed: the home they work in, and whom to tell how far reading documents has come."""

from __future__ import annotations

from typing import Protocol

import dagster as dg

from pipelines.collect.archive import Archive
from pipelines.settings import Home, default_workers, home_at


class HomeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The home folder a warehouse is built in and the number of worker processes."""

    folder: str = ""
    """'' for $JUESUAN_HOME, else the repository's `warehouse/`."""
    workers: int = 0
    """0 for one per core."""

    @property
    def home(self) -> Home:
        return home_at(self.folder or None)

    @property
    def archive(self) -> Archive:
        return Archive(self.home.archive)

    @property
    def processes(self) -> int:
        return self.workers or default_workers()


class Progress(Protocol):
    """Told of each document as it is finished."""

    def start(self, total: int) -> None: ...

    def advance(self, file_name: str, status: str) -> None: ...


class LogProgress:
    """Progress as lines in a log, one in every 50 documents: what a run in the UI shows."""

    EVERY = 50

    def __init__(self) -> None:
        self._log = dg.get_dagster_logger("juesuan")
        self._total = self._done = 0

    def start(self, total: int) -> None:
        self._total, self._done = total, 0

    def advance(self, file_name: str, status: str) -> None:
        self._done += 1
        if self._done % self.EVERY == 0 or self._done == self._total:
            self._log.info("read %d of %d documents, last %s: %s", self._done, self._total, file_name, status)
