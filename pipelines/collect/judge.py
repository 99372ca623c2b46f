"""What a link is worth to a walk that looks for budgets and final accounts: by its words and where it stands.

The words are data (`words.yaml`); the weights here only order what is followed and cut what leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from pipelines.collect.pages import Link, PageFacts
from pipelines.collect.portals import Portal
from pipelines.collect.words import words
from pipelines.words import squash

FOLLOWED = 0.3
"""Links worth less are not followed."""
YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)(?=\s*(?:年|[-_.]?$|[^\d]))")
YEAR_ALONE = re.compile(r"^(20[0-3]\d)年?度?(?:度)?$")
_NO_PAGE = re.compile(r"\.(jpe?g|png|gif|css|js|ico|svg|mp4|mp3|avi|exe|apk|swf|woff2?|xml|rss)$", re.I)
_TRAP = re.compile(r"(^|[/_.?&=-])(search|login|logout|register|calendar|rili|print|share|rss|sitemap|wap|mobile|m|"
                   r"mail|video|english|en|weibo|sso|cas|oauth)([/_.?&=-]|$)", re.I)  # fmt: skip
_DAY_QUERY = re.compile(r"[?&](date|day|month|riqi|year=\d{4}&month)=", re.I)


def kind_year(text: str) -> tuple[bool, int | None]:
    """Whether a text speaks of budgets or final accounts, and the first year it names."""
    year = YEAR.search(text)
    return words("kind").in_(text), int(year[1]) if year else None


def page_worth(page: PageFacts) -> float:
    """How much a page is about accounts of departments, from 0 to 1, by its title and column."""
    said = f"{page.title} {page.column}"
    if words("account").in_(said):
        return 1.0
    return 0.5 if words("kind").in_(said) or words("way").in_(said) else 0.0


def link_worth(link: Link, page: PageFacts, inherited: float, portal: Portal) -> float:
    """How much following a link promises, from 0 (nothing) to 1; `inherited` is the worth of the way to the page."""
    if _is_trap(link.url, page.url) or any(re.search(pattern, link.words) for pattern in portal.not_words):
        return 0.0
    said = link.words
    worth = max(inherited, page_worth(page))
    if any(re.search(pattern, said) for pattern in portal.link_words):
        return 1.0
    if link.place in ("next", "api"):
        return worth
    if words("elsewhere").in_(said) and not words("account").in_(said):
        return 0.0
    if words("account").in_(said):
        return 0.35 if words("not_an_account").in_(said) else 1.0
    if words("not_an_account").in_(said):
        return 0.0
    if words("way").in_(said):
        return 0.7
    under = words("kind").in_(f"{link.context} {link.row}")
    if YEAR_ALONE.match(squash(said)) or words("kind").in_(said):
        return max(worth, 0.6 if under else 0.0) if YEAR_ALONE.match(squash(said)) else max(0.6, worth)
    if words("department").in_(said) or words("weak").in_(said):
        # A department's name, or a mere "more", is worth what the page or the heading above promises.
        return max(worth * 0.9, 0.8 if under else 0.0) if worth >= 0.5 or under else 0.0
    return 0.35 if link.place == "frame" else 0.0


def is_account(link: Link, page: PageFacts, trail: str) -> bool:
    """Whether a file is a budget or final account: by its own words, else by its article, else by its heading."""
    said = link.words
    if words("not_an_account").in_(said) and not words("open").in_(said):
        return False
    article = page.title if page.is_article or page.title != page.site else ""
    if words("account").in_(said):
        return True
    if words("not_an_account").in_(article) and not words("open").in_(article):
        return False
    around = f"{link.row} {article} {page.column} {link.context}"
    if words("kind").in_(said):
        return words("account").in_(f"{said} {around} {trail}") or words("department").in_(said)
    return words("account").in_(f"{around} {trail}") and not words("not_an_account").in_(said)


def document_words(link: Link, page: PageFacts, trail: str) -> str:
    """The title of a document: its link's words, with the article's and the column's where those say too little."""
    said = re.sub(r"\.(pdf|xlsx?|docx?|wps|et|zip|rar|7z|ofd)$", "", link.words.strip(), flags=re.I)
    pieces = [] if words("weak").in_(said) else [said]
    for more in (link.row, page.title, link.context, page.column, trail):
        have = " ".join(pieces)
        kind, year = kind_year(have)
        if kind and year and words("named").in_(have):
            break
        if more and squash(more) not in squash(have):
            pieces.append(more)
    return " ".join(pieces)[:300]


def listing_year(texts: Collection[str]) -> int | None:
    """The year of the listing a document stands in: the first year that the texts, nearest first, name."""
    for text in texts:
        _, year = kind_year(text)
        if year:
            return year
    return None


def _is_trap(url: str, page_url: str) -> bool:
    parts, here = urlsplit(url), urlsplit(page_url)
    if _NO_PAGE.search(parts.path) or _DAY_QUERY.search(f"?{parts.query}"):
        return True
    segments = [segment for segment in parts.path.split("/") if segment]
    if any(segments.count(segment) > 2 for segment in segments) or len(segments) > 16:
        return True
    found = _TRAP.search(f"{parts.hostname}{parts.path}?{parts.query}")
    # A portal whose own start lies below such a word is no trap to itself.
    return bool(found) and not _TRAP.search(f"{here.hostname}{here.path}")
