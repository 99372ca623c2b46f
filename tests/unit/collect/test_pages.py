"""What a page says: encodings, titles, publishers, links with their words, and every way a file can be shown."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.collect.pages import decoded, read_page

URL = "http://site.example/a/b/index.html"
CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "pages"


@pytest.mark.parametrize(
    ("charset", "meta", "header"),
    [("gbk", "gb2312", None), ("gb18030", "", "gbk"), ("utf-8", "", None), ("gbk", "utf-8", "utf-8"),
     ("utf-8-sig", "gbk", None), ("utf-16", "", None), ("utf-8", "nonsense", "none-such")],
)  # fmt: skip
def test_chinese_is_read_whatever_is_declared(charset: str, meta: str, header: str | None) -> None:
    text = f"<html><meta charset='{meta}'><title>二〇二五年度部门决算</title>"
    assert "二〇二五年度部门决算" in decoded(text.encode(charset), header)


def test_meta_tags_say_title_date_and_source() -> None:
    page = read_page(
        '<meta name="ArticleTitle" content="审计局2025年部门预算"><meta name="PubDate" content="2025-2-9 7:05:23">'
        '<meta name="ContentSource" content="市审计局"><meta name="SiteName" content="某市"><h1>别的</h1>'.encode(),
        URL,
    )
    assert (page.title, page.publisher, page.site) == ("审计局2025年部门预算", "市审计局", "某市")
    assert page.published == dt.datetime(2025, 2, 9, 7, 5, 23)


def test_a_person_is_no_publisher_where_an_office_is_named() -> None:
    page = read_page(
        '<meta name="ContentSource" content="章宇"><p><span>来源: 某市人民政府办公室</span></p>'.encode(), URL
    )
    assert (page.content_source, page.publisher) == ("章宇", "某市人民政府办公室")


def test_labels_in_icons_and_table_cells_are_read() -> None:
    icons = '<li><i title="发布机构"></i><em>市司法局</em></li><li><i title="发布日期"></i><em>2026-03-25</em></li>'
    cells = "<table><tr><td>发布机构</td><td>市司法局</td><td>发布日期</td><td>2026年3月25日</td></tr></table>"
    for html in (icons, cells):
        page = read_page(html.encode(), URL)
        assert (page.publisher, page.published) == ("市司法局", dt.datetime(2026, 3, 25))


SHOWN = {
    "a link": '<a href="../x.pdf">x</a>',
    "a link that calls": """<a href="#" onclick="window.open('/a/x.pdf')">x</a>""",
    "a link in a script": """<a href="javascript:show('/a/x.pdf')">x</a>""",
    "an item that calls": """<li onclick="location.href='/a/x.pdf'">x</li>""",
    "a choice": '<select><option value="/a/x.pdf">x</option></select>',
    "a frame": '<iframe src="/a/x.pdf"></iframe>',
    "a viewer": '<iframe src="/js/viewer.html?file=%2Fa%2Fx.pdf"></iframe>',
    "an object": '<object data="/a/x.pdf"></object>',
    "a variable": '<script>var sPdfUrl = "/a/x.pdf#";</script>',
    "a base": '<base href="http://site.example/a/"><a href="x.pdf">x</a>',
    "a session": '<a href="/a/x.pdf;jsessionid=12?PHPSESSID=3&amp;_=4">x</a>',
}


@pytest.mark.parametrize("html", SHOWN.values(), ids=SHOWN)
def test_a_file_is_found_however_it_is_shown(html: str) -> None:
    (found,) = read_page(html.encode(), URL).attachments
    assert found.url == "http://site.example/a/x.pdf"


def test_a_download_without_a_name_is_a_file() -> None:
    (found,) = read_page(b'<a href="/cms/download.do?id=7">x.pdf</a><a href="/attachment/">list</a>', URL).attachments
    assert found.url == "http://site.example/cms/download.do?id=7"


def test_words_come_from_title_heading_and_row() -> None:
    page = read_page(
        "<h2>2024年度部门决算</h2>"
        '<table><tr><td>审计局</td><td><a href="1.pdf">下载</a></td></tr></table>'
        '<li><a href="2.pdf" title="长沙市交通运输局2025年部门预算">长沙市交...</a>'
        "<span>2025-02-12</span></li>".encode(),
        URL,
    )
    first, second = page.attachments
    assert (first.words, first.row, first.context) == ("下载", "审计局", "2024年度部门决算")
    assert (second.words, second.date) == ("长沙市交通运输局2025年部门预算", dt.date(2025, 2, 12))


def test_pagers_of_scripts_and_links() -> None:
    page = read_page(
        '<script>function createPageHTML(_n, _c, _s, _e){} createPageHTML(3, 0, "index", "html");</script>'
        '<a href="p2.html">下一页</a><a href="p9.html">9</a>'.encode(),
        URL,
    )
    turns = [link.url.rsplit("/", 1)[-1] for link in page.links if link.place == "next"]
    assert turns == ["index_1.html", "index_2.html", "p2.html", "p9.html"]


@pytest.mark.parametrize("callback", ["{}", "jQuery_12({});"])
def test_a_list_interface_gives_links_and_pages(callback: str) -> None:
    records = {"data": {"total": 5, "size": 2, "list": [
        {"id": 1, "docTitle": "<em>审计局</em>2025年预算", "docPubUrl": "./t1.html", "date": "2025-02-01",
         "img": "/i.png"},
    ]}}  # fmt: skip
    page = read_page(callback.format(json.dumps(records)).encode(), "http://site.example/api/list?page=1&c=2")
    article, *turns = page.links
    assert (article.url, article.words) == ("http://site.example/api/t1.html", "审计局2025年预算")
    assert article.date == dt.date(2025, 2, 1)
    assert [turn.url[-10:] for turn in turns] == [f"page={n}&c=2"[-10:] for n in (1, 2, 3)]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_a_server_sends_makes_it_fail(content: bytes) -> None:
    read_page(content, URL, "utf-8")
    read_page(b"<meta name=PubDate content='" + content + b"'><a href='" + content + b"'>x</a>", URL)


def test_deep_nesting_and_entities_are_harmless() -> None:
    read_page(b"<div>" * 20_000, URL)
    read_page(b"[" * 100_000, URL)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><p>&b;&a;</p>'
    assert "root" not in read_page(bomb, URL).text


OTHERWISE = {"nantong-article.html": 1, "wenzhou-article.html": 1}
"""Pages on which a reader sees one PDF more than the key counts: behind an address without a name, and in a frame
that a script fills."""


def test_real_pages_say_what_a_reader_finds() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real pages (../shared/corpus/pages) is not on this machine")
    for row in csv.DictReader((CORPUS / "pages.csv").open(encoding="utf-8")):
        page = read_page((CORPUS / row["file"]).read_bytes(), URL)
        assert (page.site, page.content_source) == (row["site"], row["content_source"]), row["file"]
        assert len(page.attachments) == OTHERWISE.get(row["file"], int(row["attachments"])), row["file"]
        if row["article_title"]:
            assert page.title == row["article_title"]
            day, _, clock = row["pub_date"].partition(" ")
            year, month, number = map(int, day.split("-"))
            assert page.published is not None and page.published.date() == dt.date(year, month, number)
            assert not clock or f"{page.published:%H:%M}" == clock[:5]
