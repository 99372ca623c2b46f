"""Notes that declare a table empty, printed in it or right below it, and lists that say which tables are empty.

A table without values is taken at the word of any such sentence near it. Of a table with values only a note that
speaks of the whole table counts, as it says the contrary of what is printed; a note of one part does not. Which words
say so is in the catalogue; what follows from a note is a check's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.catalogue.tables import TableCatalogue, TableRule
from pipelines.extract.pages.model import Box, Cell, Page, TextLine
from pipelines.words import canonical, squash

_REACH = 6
"""How many lines below a table its notes stand in."""
_WRAPPED = 2
"""Over how many further lines a note may wrap."""


class Note(NamedTuple):
    """A printed note; the box is in reading space."""

    page: Page
    text: str
    box: Box


def note_of(page: Page, lines: Sequence[TextLine]) -> Note:
    """The note that these printed lines make."""
    box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    return Note(page, lines[0].text if len(lines) == 1 else "".join(squash(line.text) for line in lines), box)


def note_of_blank(page: Page, lines: Sequence[TextLine], catalogue: TableCatalogue) -> Note | None:
    """The note by which a table without values is empty: the first of `lines` that says so."""
    first = next((i for i, line in enumerate(lines) if catalogue.is_empty_note(line.text)), None)
    return None if first is None else note_of(page, _sentence(page, lines, first))


def note_of_filled(
    notes: Sequence[Note], page: Page, below: Sequence[TextLine], rule: TableRule | None, catalogue: TableCatalogue
) -> Note | None:
    """The note by which a table with values is empty: one of the `notes` in it, or right below, before the next title.

    `rule` is the official table, None where it was not recognised.
    """
    end = next((i for i, line in enumerate(below[:_REACH]) if catalogue.is_title(line.text)), _REACH)
    beneath = [note_of(page, _sentence(page, below, i)) for i in range(min(end, len(below)))]
    found = [*notes, *(note for note in beneath if catalogue.is_note(note.text))]
    return next((note for note in found if catalogue.denies(note.text, rule)), None)


def listed_as_empty(pages: Sequence[Page], catalogue: TableCatalogue) -> list[tuple[str, Note]]:
    """The titles that a list of the document's tables calls empty, each with its row of the list."""
    found: list[tuple[str, Note]] = []
    words = catalogue.empty_list
    for page in pages:
        for grid in page.grids:
            header = {cell.col: canonical(cell.text) for cell in grid.cells if cell.row == 0}
            titles = [col for col, text in header.items() if re.fullmatch(words.title, text)]
            empties = [col for col, text in header.items() if re.fullmatch(words.empty, text)]
            if not titles or not empties:
                continue
            rows: dict[int, dict[int, Cell]] = {}
            for cell in grid.cells:
                rows.setdefault(cell.row, {})[cell.col] = cell
            for row in rows.values():
                said, title = row.get(empties[0]), row.get(titles[0])
                if title is not None and said is not None and re.fullmatch(words.said, canonical(said.text)):
                    cells = [cell for _, cell in sorted(row.items()) if cell.lines]
                    lines = [line for cell in cells for line in cell.lines]
                    text = " ".join(squash(cell.text) for cell in cells)
                    found.append((squash(title.text), note_of(page, lines)._replace(text=text)))
    return found


def _sentence(page: Page, lines: Sequence[TextLine], start: int) -> Sequence[TextLine]:
    """The lines of the sentence that begins at `start`: wide lines go on until a mark ends them."""
    end = start + 1
    while end < min(len(lines), start + 1 + _WRAPPED):
        upper, lower = lines[end - 1], lines[end]
        if (
            canonical(upper.text).endswith(("。", ")", ":", ";"))
            or upper.y0 - lower.y1 > 1.5 * (upper.y1 - upper.y0)
            or upper.box.width < page.width / 2
        ):
            break
        end += 1
    return lines[start:end]
