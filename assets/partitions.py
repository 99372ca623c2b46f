"""How documents are divided into partitions: by where they were listed, never one per PDF.

An event log entry costs about as much as reading a document, and the fiscal year is known only after reading. A
partition is a portal and a listing year (`nantong.2026`), or `unlisted` for documents registered from a folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import dagster as dg

from pipelines.collect.archive import Archive
from pipelines.collect.portals import Portal, portals_in
from pipelines.collect.provenance import UNLISTED, partition_of
from pipelines.settings import Home

__all__ = ["UNLISTED", "in_season", "known_partitions", "listings", "split", "sync"]

NAME = "listing"
listings = dg.DynamicPartitionsDefinition(name=NAME)


def in_season(portals: Iterable[Portal], today: dt.date) -> list[str]:
    """The listings in which something new may stand: budgets of this year, final accounts of the last."""
    return [partition_of(portal.name, year) for portal in portals for year in (today.year - 1, today.year)]


def known_partitions(home: Home, today: dt.date) -> list[str]:
    """All partitions of a home: those with documents, and the listings in season of its portals."""
    return [*Archive(home.archive).partitions(), UNLISTED, *in_season(portals_in(home.portals), today)]


def sync(instance: dg.DagsterInstance, home: Home) -> None:
    """Tell Dagster of partitions it does not know yet."""
    missing = set(known_partitions(home, dt.date.today())) - set(instance.get_dynamic_partitions(NAME))
    if missing:
        instance.add_dynamic_partitions(NAME, sorted(missing))


def split(partition: str) -> tuple[str, list[int]]:
    """Portal and year of a partition; no year for documents near which none is printed."""
    portal, _, year = partition.rpartition(".")
    return portal, [int(year)] if year.isdigit() else []
