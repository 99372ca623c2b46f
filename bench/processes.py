"""What other processes cost: whole runs of the command `juesuan`, and the workers that read documents."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.collect.links import NO_LINK
from pipelines.extract import batch, workers
from pipelines.extract.document import read_document
from pipelines.settings import DOCUMENT_MEMORY_BYTES, DOCUMENT_SECONDS

_SET_CHILD_SUBREAPER = 36


class Cost(NamedTuple):
    """CPU seconds of a command with all processes it started, and its wall time."""

    cpu_seconds: float
    seconds: float


class Reading(NamedTuple):
    """One document read by a worker: the worker's peak memory so far, and whether stock camelot was asked for help."""

    peak_mb: float
    helped: bool


def adopt_orphans() -> None:
    """Make this process the parent of every process below it whose own parent has ended (Linux).

    Workers are children of a server process that ends after `juesuan`; unadopted, nobody would count their CPU.
    """
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def build(paths: Sequence[Path], home: Path, processes: int) -> Cost:
    """Run `juesuan build` of `paths` in `home`.

    Raises subprocess.CalledProcessError, with what it printed, when it fails.
    """
    # The installed command, as a user starts it.
    juesuan = [str(Path(sys.executable).with_name("juesuan")), "build", *map(str, paths)]
    before, started = _children_cpu_seconds(), time.monotonic()
    done = subprocess.run(
        [*juesuan, "--home", str(home), "--workers", str(processes)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - started
    _wait_for_orphans()
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, juesuan[:2], done.stdout, done.stderr)
    return Cost(_children_cpu_seconds() - before, seconds)


def read_in_workers(paths: Sequence[Path], processes: int) -> list[Reading]:
    """Read documents in workers as a build does, with a build's limits.

    Raises RuntimeError when one could not be read within them.
    """
    workers.preload([batch.__name__, __name__])
    results = workers.map_in_processes(
        _read, paths, workers=processes, seconds=DOCUMENT_SECONDS, memory_bytes=DOCUMENT_MEMORY_BYTES
    )
    readings: list[Reading] = []
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, workers.Failure):
            raise RuntimeError(f"{path}: {result.reason}")
        readings.append(result)
    return readings


def _read(path: Path) -> Reading:
    document = read_document(path, "0" * 64, NO_LINK, None).document
    # Where stock camelot's reading was no better, the table stays marked.
    helped = bool(document["fallback_pages"] or document["unconserved_tables"])
    return Reading(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, helped)


def _children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _wait_for_orphans() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return
