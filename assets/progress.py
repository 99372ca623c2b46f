"""The progress bar of the command line."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class ProgressBar:
    """How many documents are read and which was last; satisfies `assets.resources.Progress`."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("documents"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", style="dim"),
            console=console,
        )
        self._task = self._bar.add_task("Reading", total=None, last="")

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.update(self._task, description="Read", last="")
        self._bar.stop()

    def start(self, total: int) -> None:
        """`total` documents are about to be read."""
        self._bar.update(self._task, total=total)

    def advance(self, file_name: str, status: str) -> None:
        """One more document is read."""
        self._bar.update(self._task, advance=1, last=f"{file_name}: {status}")
        if self._bar.finished:
            self._bar.update(self._task, description="Read; computing facts, marts and checks", last="")
