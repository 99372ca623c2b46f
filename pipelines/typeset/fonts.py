"""The typeface of the samples. Only finds and registers fonts; measuring and wrapping text is in `render`."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# TrueType outlines in the Song style that official documents are set in. The Noto CJK fonts will not do: their
# outlines are PostScript, which reportlab cannot embed.
SONG = Path("/usr/share/fonts/truetype/arphic/uming.ttc")


class FontMissingError(RuntimeError):
    """The typeface the samples are set in is not installed, or is not what it should be."""


def embedded_song(path: Path = SONG) -> str:
    """The name of the registered Song typeface, which is embedded and subset in every PDF that uses it.

    Raises FontMissingError with what to install where the font file is absent or unusable.
    """
    try:
        pdfmetrics.registerFont(TTFont("Song", str(path), subfontIndex=0))
    except (TTFError, OSError) as error:
        raise FontMissingError(
            f"The samples are typeset in AR PL UMing, but {path} could not be used ({error}). "
            "On Debian: apt-get install fonts-arphic-uming"
        ) from error
    return "Song"


def builtin_song() -> str:
    """The name of a Song typeface that is not embedded: the viewer supplies the shapes, the text layer is the same.

    For tests on machines without the Debian font; never for documents that are kept.
    """
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"
