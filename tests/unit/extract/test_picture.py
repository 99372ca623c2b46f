"""Pictures of figures: upright, and the outline holds the ink of the figure and nothing else."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipelines.errors import UsageError
from pipelines.extract.pages.model import Box
from pipelines.extract.pages.reader import read_page
from pipelines.extract.picture import HEADER_WITHIN, SCALE, TITLE, Spot, crop, draw_figures

NUMBER = "1,234.56"


def drawn(path: Path, rotation: int = 0, rows: int = 0, cropped: bool = False) -> Path:
    """A page with one number, set so that it stands upright once the page is turned; `rows` ruled ones above it."""
    width, height = (842, 595) if rotation in (90, 270) else (595, 842)
    canvas = Canvas(str(path), pagesize=(width, height))
    turn = {0: (0, 0), 90: (width, 0), 180: (width, height), 270: (0, height)}[rotation]
    canvas.translate(*turn)
    canvas.rotate(rotation)
    canvas.drawString(300, 200, NUMBER)
    for row in range(rows):
        canvas.line(100, 215 + 20 * row, 500, 215 + 20 * row)
    canvas.showPage()
    canvas.save()
    with pdfium.PdfDocument(path) as pdf:
        page = pdf[0]
        page.set_rotation(rotation)
        if cropped:
            page.set_cropbox(60, 40, width - 20, height - 30)
        turned = path.with_stem("turned")
        pdf.save(turned)
    return turned


def spot_of(path: Path) -> Spot:
    """The box under which the number would be published."""
    with pdfium.PdfDocument(path) as pdf:
        page = read_page(pdf, 0)
    (line,) = page.lines
    assert line.text == NUMBER
    return Spot(path, 1, [page.to_user_space(line.box)], "page 1")


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of what is black."""
    box = image.convert("RGB").point(lambda level: 255 if level < 100 else 0).split()[0].getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_outline_holds_the_number_on_turned_pages(rotation: int, cropped: bool, tmp_path: Path) -> None:
    image, [(left, top, right, bottom)] = crop(spot_of(drawn(tmp_path / "one.pdf", rotation, cropped=cropped)))
    x0, y0, x1, y1 = ink(image)
    assert left <= x0 < x1 <= right and top <= y0 < y1 <= bottom
    assert right - left > 2 * (bottom - top)  # upright
    assert image.getpixel((left, top)) == (214, 0, 0)


def test_the_header_shows_when_it_is_near(tmp_path: Path) -> None:
    near = crop(spot_of(drawn(tmp_path / "near.pdf", rows=12)))
    far = crop(spot_of(drawn(tmp_path / "far.pdf", rows=25)))
    assert near.outlines[0][1] >= (12 * 20 - 20 + TITLE) * SCALE
    assert far.outlines[0][1] < HEADER_WITHIN * SCALE
    assert far.image.height < near.image.height


def test_several_figures_make_one_picture(tmp_path: Path) -> None:
    spot = spot_of(drawn(tmp_path / "one.pdf"))
    draw_figures([spot, spot], tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as image:
        assert image.format == "PNG"
        assert image.height > 2 * crop(spot).image.height
    (box,) = spot.boxes
    both = crop(spot._replace(boxes=[box, Box(box.x0, box.y0 + 300, box.x1, box.y1 + 300)]))
    assert len(both.outlines) == 2
    assert both.image.height > crop(spot).image.height + 299 * SCALE


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7")
    for name in ("torn.pdf", "absent.pdf"):
        with pytest.raises(UsageError, match=name):
            crop(Spot(tmp_path / name, 1, [Box(0, 0, 1, 1)], ""))
    spot = spot_of(drawn(tmp_path / "one.pdf"))
    with pytest.raises(UsageError, match="Page 2"):
        crop(spot._replace(page=2))
    with pytest.raises(UsageError, match="cannot be written"):
        draw_figures([spot], tmp_path / "one.pdf" / "out.png")


def test_a_spot_without_figures_shows_the_whole_page(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf")
    whole = crop(Spot(path, 1, [], "page 1"))
    assert whole.image.size == (595 * SCALE, 842 * SCALE) and not whole.outlines
