"""Pictures of printed figures: the part of the page around a figure, upright, with its box outlined.

For people only; nothing is read from pictures. Which figures are drawn is the caller's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from pipelines.errors import UsageError
from pipelines.extract.pages.layout import read_layout
from pipelines.extract.pages.model import Box
from pipelines.files import replacing

SCALE = 2.0
"""Pixels per point: 144 dpi."""
MOST_PIXELS = 4000
"""Longest side of a page as rendered; larger pages come out smaller."""
ABOVE, BELOW = 110.0, 60.0
"""Points shown above and below the figure."""
HEADER_WITHIN = 330.0
"""How far above the figure, in points, the top of its table may be to be shown as well."""
TITLE = 64.0
"""Points shown above the top of a table, for its title and unit."""
ROW_GAP = 90.0
"""The ruled rows of one table are no further apart than this (points)."""
CAPTION, GAP = 26, 14
_RED, _BLUE, _WHITE, _BLACK = (214, 0, 0), (0, 92, 196), (255, 255, 255), (0, 0, 0)


class Spot(NamedTuple):
    """Figures of one page to draw: the file, the page (from 1), their boxes in PDF user space, and a caption.

    `sentences` are the boxes of the lines of running text in which they stand: these are underlined. Without any box
    the whole page is shown. The caption is in Latin letters, for want of a font.
    """

    pdf: Path
    page: int
    boxes: Sequence[Box]
    caption: str
    sentences: Sequence[Box] = ()


class Crop(NamedTuple):
    """A part of a page, and where in it the outlines are, in pixels from the top left."""

    image: Image.Image
    outlines: list[tuple[int, int, int, int]]


def draw_figures(spots: Sequence[Spot], out: Path) -> None:
    """Write a PNG with the crop of each spot, one below the other.

    Raises:
        UsageError: when a file or page cannot be opened, or `out` cannot be written.
    """
    crops = [(crop(spot).image, spot.caption) for spot in spots]
    width = max(image.width for image, _ in crops)
    height = sum(CAPTION + image.height + GAP for image, _ in crops)
    sheet = Image.new("RGB", (width, height), _WHITE)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=16)
    y = 0
    for image, caption in crops:
        draw.text((6, y + 4), caption, fill=_BLACK, font=font)
        sheet.paste(image, (0, y + CAPTION))
        y += CAPTION + image.height + GAP
        draw.line((0, y - GAP // 2, width, y - GAP // 2), fill=_BLACK)
    try:
        with replacing(out) as part:
            sheet.save(part, format="PNG")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error


def crop(spot: Spot) -> Crop:
    """The page around the figures, outlined: the whole width, some rows, and the header of a table when it is near.

    Raises:
        UsageError: when the file or the page cannot be opened.
    """
    try:
        with pdfium.PdfDocument(spot.pdf) as pdf:
            layout = read_layout(pdf, spot.page - 1, glyphs=False)
            scale = min(SCALE, MOST_PIXELS / max(layout.width, layout.height))
            page = pdf[spot.page - 1]
            bitmap = page.render(scale=scale)
            image = bitmap.to_pil().convert("RGB")
            # pdfium turns and shifts the page as it is shown; its own conversion knows how.
            place = bitmap.get_posconv(page)
            corners = [
                (place.to_bitmap(box.x0, box.y0), place.to_bitmap(box.x1, box.y1))
                for box in (*spot.boxes, *spot.sentences)
            ]
    except (OSError, pdfium.PdfiumError, IndexError) as error:
        raise UsageError(f"Page {spot.page} of {spot.pdf} cannot be drawn: {error}") from error
    if not corners:
        return Crop(image, [])
    boxes = [(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in corners]
    left, top, right, _ = min(boxes, key=lambda box: box[1])
    middle = (left + right) / 2 / scale
    # From here on in points down from the top of the page, as the picture is.
    rules = [layout.height - rule.y0 for rule in layout.horizontal if rule.x0 <= middle <= rule.x1]
    first, last = _shown(rules, top / scale, max(box[3] for box in boxes) / scale)
    upper, lower = max(0, round(first * scale)), min(image.height, round(last * scale))
    part = image.crop((0, upper, image.width, lower))
    draw = ImageDraw.Draw(part)
    for x0, _, x1, y1 in boxes[len(spot.boxes) :]:
        draw.line((x0, y1 - upper + 3, x1, y1 - upper + 3), fill=_BLUE, width=2)
    outlines = [(x0 - 2, y0 - upper - 2, x1 + 2, y1 - upper + 2) for x0, y0, x1, y1 in boxes[: len(spot.boxes)]]
    for outline in outlines:
        draw.rectangle(outline, outline=_RED, width=2)
    return Crop(part, outlines)


def _shown(rules: Sequence[float], top: float, bottom: float) -> tuple[float, float]:
    """What to show of a page with figures from `top` to `bottom`; `rules` are the rulings in the column of the first.

    All in points down from the top of the page.
    """
    head = top
    for rule in sorted((rule for rule in rules if rule < top), reverse=True):
        if head - rule > ROW_GAP:
            break
        head = rule
    near = head < top and top - head <= HEADER_WITHIN
    return min(top - ABOVE, head - TITLE if near else top), bottom + BELOW
