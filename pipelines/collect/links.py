"""What is known of a document from outside its pages: the words of the link to it, and its portal's region.

A crawler knows these by itself; for a folder on disk they come from a CSV. Never from a file's name.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipelines.errors import UsageError

COLUMNS = ("file", "link_title", "portal_region")


class LinkFacts(msgspec.Struct, frozen=True):
    """What the link and its page say of a document; '' where not known."""

    link_title: str = ""
    """The words of the link, with the title of its page where they say too little."""
    portal_region: str = ""
    """The region of the portal that published it."""
    published_on: str = ""
    """The day of publication its page states, as 2026-03-02."""
    publisher: str = ""
    source_url: str = ""


NO_LINK = LinkFacts()


class Links(msgspec.Struct):
    """A links CSV: the facts by resolved path, and the files it names that are not there."""

    facts: dict[Path, LinkFacts] = {}
    missing: list[str] = []


def read_links(csv_file: Path, folders: Sequence[Path] = ()) -> Links:
    """Read a CSV with the columns file, link_title and portal_region (UTF-8, with or without BOM).

    `file` is relative to the CSV's own folder or to one of `folders`. Raises UsageError when the CSV cannot be used.
    """
    links = Links()
    try:
        with csv_file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            absent = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if absent:
                raise UsageError(f"{csv_file}: column {absent[0]!r} is missing; a links file has {', '.join(COLUMNS)}.")
            for row in reader:
                name = (row["file"] or "").strip()
                candidates = [folder / name for folder in (csv_file.parent, *folders)]
                found = next((path for path in candidates if name and path.is_file()), None)
                if found is None:
                    links.missing.append(name)
                    continue
                facts = LinkFacts((row["link_title"] or "").strip(), (row["portal_region"] or "").strip())
                links.facts[found.resolve()] = facts
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{csv_file} cannot be read as a CSV in UTF-8: {error}") from error
    return links
