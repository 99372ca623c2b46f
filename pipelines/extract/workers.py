"""Reading many documents at once, each in a worker process.

A PDF can crash the library that opens it, or keep it busy for ever. Each worker therefore reads one document at a
time: one that dies or runs out of time costs that document only, and is replaced. How a document is read is
`pipelines.extract.document`; here is only who reads which, and what happens when that goes wrong.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# A server process that has the readers imported hands out workers by forking: a replaced worker costs nothing, and
# nothing of the parent (its threads, its open files) leaks into them.
_PROCESSES = multiprocessing.get_context("forkserver")


class Failure(NamedTuple):
    """Why a task has no result, in words for a person."""

    reason: str


class _Worker:
    """One process and what it is working on."""

    def __init__(self, function: Callable[[Any], Any], memory_bytes: int) -> None:
        self.connection, theirs = _PROCESSES.Pipe()
        self.process = _PROCESSES.Process(target=_serve, args=(function, theirs, memory_bytes), daemon=True)
        self.process.start()
        theirs.close()
        self.task: int | None = None
        self.deadline = 0.0

    def give(self, index: int, task: object, seconds: float) -> None:
        self.task, self.deadline = index, time.monotonic() + seconds
        # A worker that died since shows when its answer is awaited.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(task)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def map_in_processes(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    workers: int,
    seconds: float,
    memory_bytes: int,
    on_done: Callable[[int, Result | Failure], None] = lambda index, result: None,
) -> list[Result | Failure]:
    """`function` of each task, in the order of `tasks` whatever finished first.

    `function` and the tasks must be picklable. A task whose worker dies, that takes longer than `seconds` or more
    than `memory_bytes` of memory, or whose function raises, gives a `Failure` and leaves the others alone. `on_done`
    is called here, in the order of finishing.
    """
    results: dict[int, Result | Failure] = {}
    waiting = list(range(len(tasks)))[::-1]
    pool: list[_Worker] = []
    try:
        while len(results) < len(tasks):
            while waiting and len(pool) < max(1, workers):
                pool.append(_Worker(function, memory_bytes))
                pool[-1].give(waiting[-1], tasks[waiting.pop()], seconds)
            for worker in _finished(pool):
                index = worker.task
                assert index is not None
                answer, alive = _answer(worker, seconds)
                results[index] = answer
                on_done(index, answer)
                if alive and waiting:
                    worker.give(waiting[-1], tasks[waiting.pop()], seconds)
                else:
                    worker.stop()
                    pool.remove(worker)
    finally:
        for worker in pool:
            worker.stop()
    return [results[index] for index in range(len(tasks))]


def _finished(pool: list[_Worker]) -> list[_Worker]:
    """The workers that have answered, died or run out of time; waits until there is one."""
    while True:
        patience = max(0.0, min(worker.deadline for worker in pool) - time.monotonic())
        ready = wait([worker.connection for worker in pool], timeout=patience)
        now = time.monotonic()
        done = [worker for worker in pool if worker.connection in ready or worker.deadline <= now]
        if done:
            return done


def _answer(worker: _Worker, seconds: float) -> tuple[Any, bool]:
    """What a finished worker has to say, and whether it can take another task."""
    if not worker.connection.poll():
        return Failure(f"reading it took longer than {seconds:.0f} s and was stopped"), False
    try:
        return worker.connection.recv(), True
    except (EOFError, ConnectionResetError):
        worker.process.join()
        code = worker.process.exitcode or 0
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Failure(f"the process reading it died ({cause}); the file may be damaged or hostile"), False


def _serve(function: Callable[[Any], Any], connection: Connection, memory_bytes: int) -> None:
    """The life of a worker: tasks in, answers out, until the other end closes."""
    # Ctrl-C is for the parent, which then stops its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory_bytes)
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        answer: object
        try:
            answer = function(task)
        except MemoryError:
            answer = Failure(f"reading it needs more than {memory_bytes / 1024**3:.0f} GiB of memory")
        except Exception as error:
            answer = Failure(f"{type(error).__name__} while reading it: {error}")
        connection.send(answer)


def _limit_memory(extra_bytes: int) -> None:
    """Let this process take `extra_bytes` more than it has, where the system can be told so."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + extra_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def preload(modules: Sequence[str]) -> None:
    """Have workers start with `modules` imported; takes effect for workers started from then on."""
    _PROCESSES.set_forkserver_preload(list(modules))
