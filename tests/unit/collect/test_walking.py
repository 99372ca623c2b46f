"""What tells addresses apart, what links are worth, what a portal's YAML may say, what a file is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.collect import media
from pipelines.collect.addresses import absolute, file_name, identity, is_public_address, tidy
from pipelines.collect.judge import FOLLOWED, document_words, is_account, link_worth
from pipelines.collect.pages import Link, PageFacts
from pipelines.collect.portals import Portal, find_portal, portals_in, read_portal, years_in
from pipelines.errors import UsageError
from pipelines.settings import PORTALS

PORTAL = Portal("test", ["http://site.example/"])
HOME = PageFacts("http://site.example/")


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("HTTP://Site.Example:80/a/../b/./c#top", "http://site.example/b/c"),
        ("http://user:secret@site.example/", "http://site.example/"),
        ("http://site.example/预算.pdf", "http://site.example/%E9%A2%84%E7%AE%97.pdf"),
        ("http://site.example/%D4%A4%CB%E3.pdf", "http://site.example/%D4%A4%CB%E3.pdf"),
        ("http://中国.example/a;jsessionid=1?sid=2&id=3", "http://xn--fiqs8s.example/a?id=3"),
        ("javascript:alert(1)", None), ("file:///etc/passwd", None), ("ftp://site.example/a", None),
        ("http:///a", None), ("http://site.example/" + "a" * 3000, None),
    ],
)  # fmt: skip
def test_an_address_has_one_form(given_url: str, wanted: str | None) -> None:
    assert tidy(given_url) == wanted
    assert wanted is None or tidy(wanted) == wanted


@given(st.text(max_size=80))
def test_no_reference_makes_an_address_fail(reference: str) -> None:
    found = absolute("http://site.example/a/", reference)
    assert found is None or found.startswith(("http://", "https://"))


def test_a_signature_in_the_query_says_nothing_of_the_document() -> None:
    assert identity("http://s.example/a.pdf?GiNrzBIQ==") == identity("http://s.example/a.pdf?Other==")
    assert identity("http://s.example/down?id=1") != identity("http://s.example/down?id=2")
    assert (
        file_name("http://s.example/%D4%A4%CB%E3.pdf")
        == file_name("http://s.example/%E9%A2%84%E7%AE%97.pdf")
        == "预算.pdf"
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "::1",
                                     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "0.0.0.0", "100.64.0.1",
                                     "224.0.0.1"])  # fmt: skip
def test_private_addresses_are_told(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "words", ["部门预算", "2025年度部门决算", "审计局2024年度单位决算公开", "“三公”经费公开", "财政预决算"]
)
def test_words_of_accounts_are_followed(words: str) -> None:
    assert link_worth(Link("http://site.example/1.html", words), HOME, 0, PORTAL) >= FOLLOWED


@pytest.mark.parametrize(
    "link",
    [
        Link("http://site.example/1.html", "市财政局召开工作会议"), Link("http://site.example/1.html", "登录"),
        Link("http://site.example/search?q=x", "部门预算"), Link("http://site.example/calendar?date=1", "下一月"),
        Link("http://site.example/wap/1.html", "部门预算"), Link("http://m.site.example/1.html", "部门预算"),
        Link("http://site.example/a/a/a/1.html", "部门预算"), Link("http://site.example/1.html", "审计局"),
        Link("http://site.example/1.jpg", "部门预算"),
    ],
    ids=lambda link: link.words + link.url[19:],
)  # fmt: skip
def test_traps_and_news_are_not(link: Link) -> None:
    assert link_worth(link, HOME, 0, PORTAL) < FOLLOWED


def test_a_department_is_worth_what_its_list_promises() -> None:
    listing = PageFacts("http://site.example/l/", title="2025年度部门决算")
    assert link_worth(Link("http://site.example/1.html", "审计局"), listing, 0, PORTAL) >= FOLLOWED


@pytest.mark.parametrize(
    ("words", "article", "column", "wanted"),
    [
        ("审计局2025年部门预算.pdf", "", "", True), ("点击下载", "审计局2025年部门预算", "", True),
        ("天津市商务局.zip", "天津市商务局", "2019年部门预算公开目录", True),
        ("附件1.xls", "2025年部门预算公开", "", True),
        ("会议材料.pdf", "财政局召开工作会议", "工作动态", False),
        ("部门预算管理办法.pdf", "关于印发部门预算管理办法的通知", "部门预算", False),
        ("采购公告.pdf", "部门预算项目采购公告", "", False), ("表格.xls", "人员招聘", "通知公告", False),
    ],
)  # fmt: skip
def test_accounts_are_told_from_other_files(words: str, article: str, column: str, wanted: bool) -> None:
    page = PageFacts("http://site.example/1.html", title=article, column=column, is_article=True)
    assert is_account(Link("http://site.example/a.pdf", words, is_file=True), page, "") is wanted


def test_a_document_is_called_by_its_link_its_row_and_its_article() -> None:
    page = PageFacts("http://site.example/1.html", title="审计局2025年部门预算公开", column="部门预算")
    assert document_words(Link("u", "审计局2025年部门预算.pdf"), page, "") == "审计局2025年部门预算"
    assert document_words(Link("u", "点击下载"), page, "") == "审计局2025年部门预算公开"
    assert document_words(Link("u", "附表.xls"), page, "") == "附表 审计局2025年部门预算公开"
    assert document_words(Link("u", "下载", row="民政局 2024年决算"), page, "") == "民政局 2024年决算"


def test_a_portal_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text("start: [http://site.example/x]\nhosts: [files.example]\n")
    portal = read_portal(file)
    assert portal.name == "city" and portal.allows_file("http://files.example/a.pdf")
    assert not portal.allows_file("http://elsewhere.example/a.pdf")
    for text, said in (("start: [ftp://x]", "no http"), ("start: []", "at least one"), ("strt: []", "strt"),
                       ("start: [http://s.example]\nlink_words: ['(']", "no pattern"), ("[", "city.yaml")):  # fmt: skip
        file.write_text(text)
        with pytest.raises(UsageError, match=said):
            read_portal(file)


def test_the_projects_own_portals_are_described_well() -> None:
    portals = portals_in([PORTALS])
    assert portals and all(portal.region and portal.publisher for portal in portals)


def test_a_bare_address_is_a_portal_and_anything_else_is_said_to_be_none(tmp_path: Path) -> None:
    assert find_portal("http://Site.Example/zwgk/#x", [tmp_path]) == Portal(
        "site.example-zwgk", ["http://site.example/zwgk/"]
    )
    with pytest.raises(UsageError, match="no portal 'nowhere'"):
        find_portal("nowhere", [tmp_path])


def test_years_are_listed_or_spanned() -> None:
    assert years_in("2019, 2022-2024") == [2019, 2022, 2023, 2024]
    with pytest.raises(UsageError, match="no list of years"):
        years_in("last year")


@pytest.mark.parametrize(
    ("content", "wanted"),
    [(b"%PDF-1.4", media.PDF), (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", media.HTML), (b"", media.EMPTY),
     (b"PK\x03\x04broken", media.ZIP), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media.OLE), (b"text", media.UNKNOWN)],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say(tmp_path: Path, content: bytes, wanted: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    assert media.media_type(file) == wanted
