"""`python -m pipelines.typeset raw/samples`: typesets every document of a folder again, and its links.csv."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pipelines.typeset.fonts import FontMissingError, embedded_song
from pipelines.typeset.render import typeset
from pipelines.typeset.spec import SpecError, load_document


def build(folder: Path) -> list[Path]:
    """Writes a PDF beside each YAML file of the folder, and `links.csv`; returns the PDFs. Same input, same bytes."""
    font = embedded_song()
    written: list[Path] = []
    links: list[tuple[str, str, str]] = []
    for specification in sorted(folder.glob("*.yaml")):
        document = load_document(specification)
        target = specification.with_suffix(".pdf")
        target.write_bytes(typeset(document, font).pdf)
        written.append(target)
        links.append((target.name, document.link_title, document.portal_region))
    with (folder / "links.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("file", "link_title", "portal_region"), *links])
    return written


def main(arguments: list[str]) -> int:
    """The command; 0 when every document was typeset, 1 with a message when one could not be, 2 on misuse."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m pipelines.typeset FOLDER (the folder with the YAML files, e.g. raw/samples)")
        return 2
    try:
        for path in build(Path(arguments[0])):
            print(path)
    except (FontMissingError, SpecError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
