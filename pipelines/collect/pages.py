"""What one page of a site says: its title, date and publisher, and where its links lead and with what words.

Only what is on the page; what a link is worth is `pipelines.collect.judge`.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.collect.addresses import DOCUMENT, absolute
from pipelines.collect.words import words

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption", "legend", "summary"})
HEADING_CLASS = re.compile(r"(^|[\s_-])(title|tit|hd|head|heading|tab|year|label)($|[\s_\d-])", re.I)
HEADING_LENGTH = 60
MAX_LINKS = 5000
MAX_PAGES = 200
"""Pages of one listing that are believed."""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_NUMBER = re.compile(r"-?[\d,]+\.\d+|-?[\d,]{4,}")
_DOWNLOAD = re.compile(r"down_?load|attach|getfile|openfile|filedown|showfile", re.I)
_NAMED_FILE = re.compile(r"\.(pdf|xlsx?|docx?|wps|et|zip|rar|7z|ofd)\W*$", re.I)
_MOVED = re.compile(r"location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']|location\.replace\(\s*[\"']([^\"']+)", re.I)
_LITERAL = re.compile(r"[\"']([^\"'\s<>]{3,500})[\"']")
_LIST_API = re.compile(r"(api|list|query|search|json|doclist|getdata)", re.I)
_PAGER = re.compile(
    r"createPage(?:HTML)?\s*\(\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(\d+)[\"']?\s*,\s*[\"']([\w/-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_PAGE_KEY = re.compile(r"^(page|pageno|pagenum|pageindex|currentpage|curpage|p|pn)$", re.I)
_SUFFIX_IN_TITLE = re.compile(r"\s*[-_|–—]+\s*[^-_|–—]*$")

Place = Literal["link", "frame", "option", "script", "next", "api"]


class Link(msgspec.Struct, frozen=True):
    """One way out of a page."""

    url: str
    words: str
    """Its words, or its title attribute where that says more."""
    context: str = ""
    """The heading it stands under."""
    row: str = ""
    """The words of its row, list item or paragraph, where its own say nothing."""
    date: dt.date | None = None
    """The day printed beside it."""
    place: Place = "link"
    is_file: bool = False
    """Whether it leads to a file rather than to a page."""


class PageFacts(msgspec.Struct):
    """What a page says of itself, and its links in the order of the page."""

    url: str
    title: str = ""
    site: str = ""
    column: str = ""
    """The column of the site it stands in, or the trail of links above it."""
    content_source: str = ""
    """As the page's meta tag has it; sometimes a person."""
    publisher: str = ""
    """Who published it: never a person where the page names an office too."""
    published: dt.datetime | None = None
    is_article: bool = False
    figures: int = 0
    """Cells of its tables that hold a number."""
    tables: str = ""
    """The text of the cells of its tables."""
    text: str = ""
    links: list[Link] = []

    @property
    def attachments(self) -> list[Link]:
        """Links to files, each address once."""
        return list({link.url: link for link in reversed(self.links) if link.is_file}.values())[::-1]


def decoded(content: bytes, declared: str | None = None) -> str:
    """The text of a page: by its byte order mark, the header's charset, the meta tag, else by what its bytes allow."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    found = _META_CHARSET.search(content[:4096])
    names = [declared or "", found[1].decode("ascii") if found else "", "utf-8", "gb18030"]
    for name in filter(None, names):
        try:
            # GB18030 holds all of GB2312 and GBK; pages that declare these use more than they have.
            return content.decode("gb18030" if name.lower() in ("gbk", "gb2312") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode(_lossy(declared, found), errors="replace")


def read_page(content: bytes, url: str, declared: str | None = None) -> PageFacts:
    """The facts of an HTML page, or of a JSON list."""
    text = decoded(content, declared)
    listed = _json(text)
    return _read_list(listed, url) if listed is not None else _read_html(text, url)


def _read_html(text: str, url: str) -> PageFacts:
    tree = LexborHTMLParser(text)
    meta = _meta(tree)
    base = tree.css_first("base[href]")
    root = (absolute(url, base.attributes.get("href") or "") if base else None) or url
    links = list(_once(_links(tree, root)))
    cells = [cell.text(strip=True) for cell in tree.css("td")]
    lines = _lines(tree)
    source = _after(lines, words("source").pattern)
    named = meta.get("contentsource", "")
    site = meta.get("sitename", "")
    trail = " ".join(
        node.text(strip=True) for node in tree.css("[class*=crumb] a, [class*=position] a, [class*=location] a")
    )
    return PageFacts(
        url,
        title=_title(tree, meta),
        site=site,
        column=meta.get("columnname", "") or trail,
        content_source=named,
        publisher=next((name for name in (named, source, meta.get("author", "")) if _is_office(name)), site),
        published=_moment(meta.get("pubdate", "")) or _moment(_after(lines, words("date").pattern)),
        is_article=bool(meta.get("articletitle") or meta.get("pubdate")),
        figures=sum(_NUMBER.fullmatch(cell) is not None for cell in cells),
        tables="\n".join(cells),
        text="\n".join(lines)[:20000],
        links=links,
    )


def _lossy(declared: str | None, found: re.Match[bytes] | None) -> str:
    name = declared or (found[1].decode("ascii") if found else "utf-8")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[name][content]"):
        key = (node.attributes.get("name") or "").strip().lower()
        found.setdefault(key, " ".join((node.attributes.get("content") or "").split()))
    return found


def _title(tree: LexborHTMLParser, meta: dict[str, str]) -> str:
    if meta.get("articletitle"):
        return meta["articletitle"]
    for selector in ("h1", ".content-title", ".article-title", ".main-title", "title"):
        for node in tree.css(selector):
            text = " ".join(node.text().split())
            if text:
                return _SUFFIX_IN_TITLE.sub("", text) or text if selector == "title" else text
    return ""


def _lines(tree: LexborHTMLParser) -> list[str]:
    """The visible text, line by line; labels that stand only in an icon's title are said too."""
    for node in tree.css("script, style, noscript, select"):
        node.decompose()
    lines: list[str] = []
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        if node.tag == "-text":
            text = " ".join(node.text_content.split()) if node.text_content else ""
            if text:
                lines.append(text)
        elif node.tag in ("i", "em", "span", "b") and not node.text(strip=True) and node.attributes.get("title"):
            lines.append(str(node.attributes["title"]))
    return lines


def _after(lines: list[str], label: re.Pattern[str]) -> str:
    """What stands behind a label: after a colon in its own line, or in the next line."""
    behind = re.compile(rf"(?:{label.pattern})\s*(?P<colon>[:：]?)\s*(?P<value>.*)", re.IGNORECASE)
    for line, following in pairwise([*lines, ""]):
        found = behind.match(line)
        if found is None or (found["value"] and not found["colon"]):
            continue  # no label, or one that is only the beginning of other words
        value = found["value"] or following.lstrip(" :：")
        if value and not label.fullmatch(value):
            return value
    return ""


def _is_office(name: str) -> bool:
    """Whether a name is that of an office: people's names are short and end in no word for one."""
    return (
        bool(name)
        and (len(name) > 4 or words("department").in_(name))
        and "管理员" not in name
        and "信息员" not in name
    )


def _moment(text: str) -> dt.datetime | None:
    found = _DATE.search(text)
    if found is None:
        return None
    clock = re.search(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text[found.end() :])
    try:
        day = dt.datetime(int(found[1]), int(found[2]), int(found[3]))
        return day.replace(hour=int(clock[1]), minute=int(clock[2]), second=int(clock[3] or 0)) if clock else day
    except ValueError:
        return None


def _links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    heading = ""
    for node in tree.root.traverse() if tree.root else ():
        tag, attributes = node.tag or "", node.attributes
        if tag in HEADINGS or HEADING_CLASS.search(attributes.get("class") or ""):
            heading = _heading(node) or heading
        if tag in ("a", "area"):
            yield from _anchor(node, base, heading)
        elif tag in ("iframe", "frame", "embed", "object"):
            url = absolute(base, attributes.get("src") or attributes.get("data") or "")
            if url:
                yield _pointed(url, attributes.get("title") or "", heading, "frame")
        elif tag == "option" and _looks_like_address(attributes.get("value") or ""):
            url = absolute(base, attributes.get("value") or "")
            if url:
                yield _pointed(url, node.text(strip=True), heading, "option")
        elif tag == "link" and attributes.get("rel") == "next":
            url = absolute(base, attributes.get("href") or "")
            if url:
                yield Link(url, "", heading, place="next")
        elif tag == "meta" and (attributes.get("http-equiv") or "").lower() == "refresh":
            _, _, target = (attributes.get("content") or "").partition("=")
            url = absolute(base, target.strip(" \"'"))
            if url:
                yield Link(url, "", heading, place="next")
        elif tag == "script":
            yield from _in_script(node.text(), base, heading)
        elif tag and attributes.get("data-url"):
            url = absolute(base, attributes.get("data-url") or "")
            if url:
                yield _pointed(url, node.text(strip=True), heading, "api")
        elif tag in ("li", "span", "div", "td", "button") and attributes.get("onclick"):
            called = filter(_looks_like_address, _LITERAL.findall(attributes.get("onclick") or ""))
            url = absolute(base, next(called, ""))
            if url:
                yield _pointed(url, " ".join(node.text().split()), heading, "link")


def _heading(node: LexborNode) -> str:
    """The text of a short element, '' where it is long: whole columns of a page have such classes too."""
    pieces: list[str] = []
    length = 0
    for inner in node.traverse(include_text=True):
        text = (inner.text_content or "") if inner.tag == "-text" else ""
        pieces.append(text)
        length += len(text.strip())
        if length > HEADING_LENGTH or len(pieces) > 10 * HEADING_LENGTH:
            return ""
    return " ".join("".join(pieces).split())


def _anchor(node: LexborNode, base: str, heading: str) -> Iterator[Link]:
    reference = node.attributes.get("href") or ""
    if not reference.strip("# ") or reference.lower().startswith("javascript:"):
        # open('/x.pdf') and the like: the address stands in the call.
        called = _LITERAL.findall(f"{reference} {node.attributes.get('onclick') or ''}")
        reference = next((literal for literal in called if _looks_like_address(literal)), "")
    url = absolute(base, reference)
    if url is None:
        return
    text, title = " ".join(node.text().split()), " ".join((node.attributes.get("title") or "").split())
    said = title if len(title) > len(text) or (text.endswith(("...", "…")) and title) else text
    row = _row(node)
    around = _beside(row) if words("weak").in_(said) else ""
    if words("next_page").in_(text) or (text.isdigit() and len(text) <= 3):
        yield Link(url, said, heading, place="next")
        return
    day = _moment(row) if len(row) < 300 else None
    link = _pointed(url, said, heading, "link")
    yield msgspec.structs.replace(link, row=around, date=day.date() if day else None)


def _beside(row: str) -> str:
    """The words of a row that say something: without "download" and the like."""
    return " ".join(word for word in row.split() if not words("weak").in_(word))[:200]


def _row(node: LexborNode) -> str:
    """The text of the row, list item or paragraph a link stands in."""
    above = node.parent
    for _ in range(4):
        if above is None or above.tag in ("body", "html"):
            return ""
        if above.tag in ("tr", "li", "p", "dd", "dt"):
            return above.text(separator=" ")
        above = above.parent
    return ""


def _pointed(url: str, said: str, context: str, place: Place) -> Link:
    """A link, seen through a viewer (`viewer.html?file=/a.pdf`) to the file it shows."""
    parts = urlsplit(url)
    for _, value in parse_qsl(parts.query):
        if DOCUMENT.search(urlsplit(value).path) and "/" in value:
            inner = absolute(url, value)
            if inner:
                return Link(inner, said, context, place=place, is_file=True)
    # A page may well lie below /attachment/: only an address that fetches by a query is believed to be a file.
    fetched = bool(_DOWNLOAD.search(parts.path)) and bool(parts.query)
    is_file = bool(DOCUMENT.search(parts.path)) or bool(_NAMED_FILE.search(said)) or fetched
    return Link(url, said, context, place=place, is_file=is_file)


def _in_script(script: str, base: str, heading: str) -> Iterator[Link]:
    """Files shown by a script, list interfaces it asks, and the pages of a listing it counts."""
    pager = _PAGER.search(script)
    if pager:
        pages, current, name, suffix = int(pager[1]), int(pager[2]), pager[3], pager[4]
        for number in range(min(pages, MAX_PAGES)):
            url = absolute(base, f"{name}.{suffix}" if number == 0 else f"{name}_{number}.{suffix}")
            if url and number != current:
                yield Link(url, str(number + 1), heading, place="next")
    moved = _MOVED.search(script)
    if moved and len(script) < 500:
        url = absolute(base, moved[1] or moved[2])
        if url:
            yield Link(url, "", heading, place="next")
    for literal in _LITERAL.findall(script):
        if not _looks_like_address(literal):
            continue
        for part in literal.split("#"):
            url = absolute(base, part)
            path = urlsplit(url).path if url else ""
            if url and DOCUMENT.search(path) and not path.lower().endswith(("/.pdf", "=.pdf")):
                yield Link(url, "", heading, place="script", is_file=True)
            elif url and (path.endswith(".json") or (urlsplit(url).query and _LIST_API.search(path))):
                yield Link(url, "", heading, place="api")


def _looks_like_address(text: str) -> bool:
    if re.match(r"(https?:)?//?[\w.-]|\?\w+=", text):
        return True
    return bool(re.match(r"(\.{1,2}/)*[\w%/-]+(\.\w{2,5})(\?\S*)?$", text)) and "/" in text


def _once(links: Iterable[Link]) -> Iterator[Link]:
    """Each address once, with the words that say most."""
    found: dict[str, Link] = {}
    for link in links:
        known = found.get(link.url)
        if known is None or (words("weak").in_(known.words) and len(link.words) > len(known.words)):
            found[link.url] = link
        if len(found) >= MAX_LINKS:
            break
    yield from found.values()


def _json(text: str) -> Any:
    """The value of a JSON text, also where it is wrapped in a callback; None for anything else."""
    stripped = text.strip().rstrip(";")
    wrapped = re.match(r"^[\w$.]{1,64}\((.*)\)$", stripped, re.S)
    stripped = wrapped[1] if wrapped else stripped
    if stripped[:1] not in ("{", "["):
        return None
    try:
        return json.loads(stripped)
    except (ValueError, RecursionError):
        return None


def _read_list(value: Any, url: str) -> PageFacts:
    links = [link for record in _records(value) for link in _of_record(record, url)]
    pages = _page_count(value)
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for key, current in query if pages else ():
        if _PAGE_KEY.match(key) and current.isdigit():
            for number in range(1, min(pages, MAX_PAGES) + 1):
                turned = urlencode([(k, str(number) if k == key else v) for k, v in query])
                links.append(Link(urlunsplit(parts._replace(query=turned)), str(number), place="next"))
    return PageFacts(url, links=list(_once(links)))


def _records(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 12:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _records(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _records(inner, depth + 1)


def _of_record(record: dict[str, Any], url: str) -> Iterator[Link]:
    """The links of one record of a list, with its longest Chinese text as their words."""
    texts = {key: value for key, value in record.items() if isinstance(value, str)}
    said = max((text for text in texts.values() if re.search(r"[\u4e00-\u9fff]", text) and len(text) < 200),
               key=len, default="")  # fmt: skip
    day = next((found for text in texts.values() if not _looks_like_address(text) and (found := _moment(text))), None)
    for text in texts.values():
        target = absolute(url, text) if _looks_like_address(text.strip()) and not _DATE.fullmatch(text) else None
        if target and not re.search(r"\.(jpe?g|png|gif|css|js|ico|svg)$", urlsplit(target).path, re.I):
            link = _pointed(target, re.sub(r"<[^>]{0,200}>", "", said), "", "link")
            yield msgspec.structs.replace(link, date=day.date() if day else None)


def _page_count(value: Any) -> int:
    for record in _records(value):
        lower = {str(key).lower(): number for key, number in record.items() if isinstance(number, int)}
        for key in ("pagecount", "totalpage", "totalpages", "pages", "pagetotal"):
            if key in lower:
                return int(lower[key])
        size = next((lower[key] for key in ("pagesize", "size", "limit", "rows") if lower.get(key, 0) > 0), 0)
        total = next((lower[key] for key in ("total", "totalcount", "count", "records") if key in lower), 0)
        if size and total:
            return -(-total // size)
    return 0
