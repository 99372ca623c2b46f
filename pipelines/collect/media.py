"""What a file is by its first bytes, whatever its name or its server says; and the PDFs inside a zip.

Nothing is ever written under a name that comes from a zip.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.collect.pages import decoded, read_page
from pipelines.collect.words import words

PDF, HTML, ZIP, EMPTY = "application/pdf", "text/html", "application/zip", "application/x-empty"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE = "application/x-ole-storage"
UNKNOWN = "application/octet-stream"
SUFFIXES = {PDF: ".pdf", HTML: ".html", ZIP: ".zip", XLSX: ".xlsx", DOCX: ".docx", OLE: ".ole", UNKNOWN: ".bin",
            EMPTY: ".pdf", "application/vnd.rar": ".rar", "application/x-7z-compressed": ".7z",
            "application/ofd": ".ofd"}  # fmt: skip
"""The suffix a file is kept under. An empty file is kept as what it should have been."""
_MAGIC = ((b"Rar!\x1a\x07", "application/vnd.rar"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
          (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE))  # fmt: skip

_FORMATS = {HTML: "tables in a web page", ZIP: "a zip without PDFs", XLSX: "an Excel workbook", DOCX: "a Word document",
            OLE: "an old Excel, Word or WPS file", "application/vnd.rar": "a RAR archive",
            "application/x-7z-compressed": "a 7z archive", "application/ofd": "an OFD document"}  # fmt: skip

MAX_MEMBERS = 1000
MAX_MEMBER_BYTES = 512 * 1024**2
MAX_ZIP_BYTES = 2 * 1024**3
MAX_RATIO = 200
"""Deflate cannot compress a PDF, whose streams are compressed already, a tenth as much."""


class Member(NamedTuple):
    """A PDF inside a zip: its name there, for people to read; `problem` says why it was not taken."""

    name: str
    problem: str = ""


def media_type(path: Path) -> str:
    """The media type of a file by its content."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        return EMPTY
    if b"%PDF-" in head[:1024]:
        return PDF
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _inside(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return HTML if (start.startswith(b"<") and b"<?xml" not in start[:5]) or b"<html" in start else UNKNOWN


def in_words(media_type: str) -> str:
    """Why a document of this format is not read, in words for a person."""
    what = _FORMATS.get(media_type, "in an unknown format")
    return f"The disclosure is {what}. It is archived; only PDF is read. Save it as PDF and register that."


def page_instead(path: Path) -> str:
    """What kind of page came where a file was asked for, in words for a person."""
    content = path.read_bytes()[: 1024**2]
    page = read_page(content, "http://page.invalid/")
    text = f"{page.title} {page.text[:2000]}"
    named = f" ({page.title[:60]})" if page.title else ""
    if words("login").in_(text) or "password" in decoded(content).lower():
        return f"A login page{named} came instead of the file. It is not public, or the portal needs a visit first."
    if words("error_page").in_(text):
        return f"An error page{named} came instead of the file, with status 200. Try again, or report it to the portal."
    return f"An HTML page{named} came instead of the file."


def pdf_members(archive: Path) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """The PDFs of a zip with their bytes, streamed; limits on members, size and ratio are kept while reading.

    A member beyond a limit is given with its problem and no bytes. Raises `zipfile.BadZipFile` for what is no zip.
    """
    with zipfile.ZipFile(archive) as opened:
        infos = [info for info in opened.infolist() if not info.is_dir()]
        total = 0
        for number, info in enumerate(infos):
            name = _name(info)
            if not name.lower().endswith(".pdf"):
                continue
            total += info.file_size
            problem = _problem(number, info, total)
            if problem:
                yield Member(name, problem), iter(())
            else:
                yield Member(name), _bytes(opened, info)


def others(archive: Path) -> list[str]:
    """The names of a zip's members that are no PDFs."""
    with zipfile.ZipFile(archive) as opened:
        return [name for info in opened.infolist()[:MAX_MEMBERS] if not info.is_dir()
                and not (name := _name(info)).lower().endswith(".pdf")]  # fmt: skip


def _problem(number: int, info: zipfile.ZipInfo, total: int) -> str:
    if number >= MAX_MEMBERS:
        return f"the zip has more than {MAX_MEMBERS} members"
    if info.flag_bits & 1:
        return "it needs a password"
    if info.file_size > MAX_MEMBER_BYTES or total > MAX_ZIP_BYTES:
        return (
            f"it is larger than the {MAX_MEMBER_BYTES >> 20} MB, or the zip than the {MAX_ZIP_BYTES >> 30} GB, allowed"
        )
    if info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"it unpacks to more than {MAX_RATIO} times its size, as no PDF does"
    return ""


def _bytes(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes, never more than its header promises: zipfile stops there. Raises BadZipFile when broken."""
    try:
        with opened.open(info) as stream:
            while chunk := stream.read(1 << 16):
                yield chunk
    except (zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from error


def shown(name: str) -> str:
    """A name as people may see it: no control characters, none that turn the direction of writing."""
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", name)[:300]


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; without the UTF-8 flag Chinese programs mean GBK where the standard says code page 437."""
    if info.flag_bits & 0x800:
        return shown(info.filename)
    try:
        return shown(info.filename.encode("cp437").decode("gb18030"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return shown(info.filename)


def _inside(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()[:MAX_MEMBERS]
    except (zipfile.BadZipFile, OSError, ValueError):
        return ZIP
    if "[Content_Types].xml" in names:
        return XLSX if any(name.startswith("xl/") for name in names) else DOCX
    return "application/ofd" if "OFD.xml" in names else ZIP
