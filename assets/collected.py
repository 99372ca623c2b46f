"""What the command line says about a walk over a portal, and about the soundness of the archive."""

from __future__ import annotations

from rich.console import Console

from pipelines.collect.collector import Collected, Outcome, failures
from pipelines.collect.verify import Verified

SHOWN = ("new", "revision", "found", "vanished")
WORDS = {
    "found": "found", "new": "new", "revision": "replaced by new bytes", "known": "known from elsewhere",
    "unchanged": "unchanged", "failed": "failed", "vanished": "vanished, kept in the archive",
}  # fmt: skip


def one(console: Console, outcome: Outcome) -> None:
    """One document as it comes, where something came of it."""
    if outcome.what in SHOWN:
        console.print(f"{outcome.what:9} {outcome.title or outcome.url}", soft_wrap=True, markup=False)


def summary(console: Console, collected: Collected) -> None:
    """How many of each, what failed and why, and whether the yield is suspicious."""
    if collected.resumed:
        console.print("An earlier walk was stopped; this one went on from there.")
    for url, reason in failures(collected):
        console.print(f"{url}\n  {reason}", soft_wrap=True, markup=False)
    counts = ", ".join(f"{n} {words}" for what, words in WORDS.items() if (n := collected.count(what)))  # type: ignore[arg-type]
    console.print(f"{collected.portal}: {counts or 'no document'}; {collected.pages} pages, "
                  f"{collected.requests} requests.", markup=False)  # fmt: skip
    for line in (collected.cut, collected.alarm):
        if line:
            console.print(line, markup=False)


def soundness(console: Console, verified: Verified) -> None:
    """What is wrong with the archive, and what to do."""
    for sha256 in verified.missing:
        console.print(
            f"Missing: {sha256}. Its bytes are gone; `juesuan collect` fetches it again if it is still public."
        )
    for name in verified.altered:
        console.print(
            f"Altered: {name} no longer has the bytes of its name. Delete it, then collect or register again."
        )
    for name in verified.strange:
        console.print(f"Unknown: {name} is in no line of the manifest, and is not used.")
    console.print(f"{verified.files} files: {'the archive is sound' if verified.sound else 'the archive is damaged'}.")
