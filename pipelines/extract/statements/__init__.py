"""Figures stated in running text: sentence by sentence, each number with what it means.

The grammar is data (pipelines/catalogue/statements.yaml); here is only the walk: `context` knows what the text has
talked about so far, `reader` understands one number after the other. A number is listed when the words before it,
back to the subject they name or to the start of the clause, are all understood. Everything else is silently left:
prose is full of numbers that are no figures of the account.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from pipelines.catalogue.statements import Grammar, load_grammar
from pipelines.extract.pages.model import Page
from pipelines.extract.statements.arithmetic import settle
from pipelines.extract.statements.reader import Reader
from pipelines.extract.statements.sentences import sentences
from pipelines.extract.statements.statement import Statement

__all__ = ["Statement", "read_statements"]

_PLACE = {
    "page": 0, "box": (0, 0, 0, 0), "sentence": "", "span": (0, 0), "number_boxes": [], "sentence_boxes": [],
    "value_text": "",
}  # fmt: skip


def read_statements(
    pages: Sequence[Page], *, fiscal_year: int | None, kind: str | None, grammar: Grammar | None = None
) -> list[Statement]:
    """The statements of a document in reading order.

    `kind` is 'budget' or 'final'; it and `fiscal_year` fill in what the text leaves out (stage, period, base).
    A claim that repeats one of the same section, the same in every meaning and in value, is listed once, where it
    is printed first: the official form opens each section with its total and repeats it before the parts.
    """
    reader = Reader(grammar or load_grammar(), fiscal_year, kind or "")
    claims = ((reader.section, statement) for sentence in sentences(pages) for statement in reader.read(sentence))
    found: list[Statement] = []
    for _, section in itertools.groupby(claims, key=lambda claim: claim[0]):
        found += _said_once(settle([statement for _, statement in section]))
    return found


def _said_once(section: Sequence[Statement]) -> Iterator[Statement]:
    """The statements of a section without those that repeat one before."""
    seen: set[bytes] = set()
    for statement in section:
        claim = msgspec.msgpack.encode(msgspec.structs.asdict(statement) | _PLACE)
        if claim not in seen:
            seen.add(claim)
            yield statement
