"""The process pool: order, crashes, time and memory limits."""

import os
import time
from collections.abc import Callable

import pytest

from pipelines.extract.workers import Failure, map_in_processes


def double(number: int) -> int:
    time.sleep(0.05 if number == 0 else 0)
    return number * 2


def misbehave(task: str) -> str:
    match task:
        case "dies":
            os.kill(os.getpid(), 9)
        case "hangs":
            time.sleep(60)
        case "greedy":
            return str(len(bytearray(1024**3)))
        case "raises":
            raise ValueError("no trailer")
    return task


def run(function: Callable, tasks: list, workers: int = 2, seconds: float = 20.0) -> list:
    return map_in_processes(function, tasks, workers=workers, seconds=seconds, memory_bytes=256 * 1024**2)


def test_results_come_in_the_order_of_the_tasks_and_each_is_announced_once() -> None:
    seen = []
    results = map_in_processes(
        double,
        list(range(9)),
        workers=3,
        seconds=20,
        memory_bytes=1024**3,
        on_done=lambda index, result: seen.append((index, result)),
    )
    assert results == [number * 2 for number in range(9)]
    assert sorted(seen) == list(enumerate(results))


@pytest.mark.parametrize(
    ("bad", "says"),
    [("dies", "SIGKILL"), ("raises", "ValueError while reading it: no trailer"), ("greedy", "memory")],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_task_costs_itself_only(bad: str, says: str, workers: int) -> None:
    results = run(misbehave, ["a", bad, "b", bad, "c"], workers)
    assert [results[0], results[2], results[4]] == ["a", "b", "c"]
    assert all(isinstance(results[index], Failure) and says in results[index].reason for index in (1, 3))


def test_a_task_that_hangs_is_stopped_and_the_rest_goes_on() -> None:
    started = time.monotonic()
    results = run(misbehave, ["hangs", "a", "b"], workers=1, seconds=1.5)
    assert isinstance(results[0], Failure) and "took longer than" in results[0].reason
    assert results[1:] == ["a", "b"]
    assert time.monotonic() - started < 20


def test_nothing_to_do_starts_no_process() -> None:
    assert run(double, []) == []
