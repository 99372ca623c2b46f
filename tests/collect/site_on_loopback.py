"""A disclosure site on this machine, in the shapes that real portals have, with what crawlers stumble over.

Its pages follow the structure of real ones: meta tags, list and pager markup, viewers, list interfaces. Every
request is counted, and each path can be told to misbehave.
"""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from pipelines.collect.portals import Limits

QUICK = Limits(seconds_between_requests=0, wait_seconds=0.01, timeout_seconds=0.5, document_seconds=3)
"""Without the waiting that a real portal is owed."""
BUREAUS = ("财政局", "审计局", "司法局", "民政局", "教育局", "水利局", "统计局", "商务局", "医疗保障局", "应急管理局")
YEARS = (2023, 2024, 2025)


def pdf(text: str) -> bytes:
    """Bytes that are a PDF to whoever looks at their beginning and end; another text, another document."""
    return f"%PDF-1.4\n% {text}\n".encode() + sha256(text.encode()).digest() * 20 + b"\n%%EOF\n"


class _Gbk(zipfile.ZipInfo):
    """A member whose name is written as Chinese programs do: in GBK, without the UTF-8 flag."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits


def zipped(members: dict[str, bytes], charset: str = "utf-8") -> bytes:
    """A zip with its names in UTF-8 or GBK."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in members.items():
            info = _Gbk(name) if charset == "gbk" else zipfile.ZipInfo(name)
            opened.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


class Site:
    """The site: what each path gives, what it was asked, and which documents a reader would find."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.documents: dict[str, bytes] = {}
        """Address → bytes of every file that is an account."""
        self.inside: dict[str, bytes] = {}
        """Accounts inside zips and pages."""
        self.asked: Counter[str] = Counter()
        self.conditional: Counter[str] = Counter()
        self.times: list[float] = []
        self.agents: set[str] = set()
        self.faults: dict[str, Callable[[BaseHTTPRequestHandler], bool]] = {}
        """Path → what is done instead; gives True where it has answered."""
        self.robots = "User-agent: *\nDisallow: /private/\n"
        self.headers: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.start = f"http://{self.host}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def page(self, path: str, body: str, *, title: str = "", head: str = "", charset: str = "utf-8") -> None:
        text = (
            f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{head}</head><body>'
            f'<div class="head"><a href="/">首页</a><a href="/news/">新闻中心</a><a href="/search?q=预算">搜索</a>'
            f'<a href="/login">登录</a><a href="/wap{path}">手机版</a></div>{body}'
            '<div class="foot"><a href="http://www.gov.invalid/">中国政府网</a><a href="/about.html">网站声明</a></div>'
            "</body></html>"
        )
        self.pages[path] = (
            f"text/html; charset={charset}" if charset == "utf-8" else "text/html",
            text.encode(charset),
        )

    def article(self, path: str, title: str, body: str, *, source: str = "某市财政局", day: str = "2025-02-11",
                column: str = "部门预算", charset: str = "utf-8") -> None:  # fmt: skip
        head = "".join(
            f'<meta name="{name}" content="{value}">'
            for name, value in (("SiteName", "某市人民政府"), ("ColumnName", column), ("ArticleTitle", title),
                                ("PubDate", f"{day} 09:30"), ("ContentSource", source))
        )  # fmt: skip
        self.page(path, f"<h1>{title}</h1><div>{body}</div>", title=f"{title}_某市人民政府", head=head, charset=charset)

    def file(self, path: str, content: bytes, *, account: bool = True) -> str:
        """Serve a file; an account counts among what a reader finds."""
        self.pages[urlsplit(path).path if "?" not in path else path] = ("application/octet-stream", content)
        if account:
            self.documents[path] = content
        return path

    def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def log_message(self, *_: Any) -> None: ...

            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                site.asked[self.path] += 1
                site.times.append(time.monotonic())
                site.agents.add(self.headers.get("User-Agent", ""))
                fault = site.faults.get(path)
                if fault is not None and fault(self):
                    return
                found = site.answer(self.path)
                if found is None:
                    return reply(self, 404, b"<html><title>404</title></html>", {"Content-Type": "text/html"})
                kind, content = found
                tag = f'"{sha256(content).hexdigest()[:16]}"'
                headers = {"Content-Type": kind, **site.headers.get(path, {})}
                if not path.startswith("/novalidators"):
                    headers |= {"ETag": tag, "Last-Modified": formatdate(1_700_000_000, usegmt=True)}
                    if self.headers.get("If-None-Match") == tag:
                        site.conditional[self.path] += 1
                        return reply(self, 304, b"", headers)
                reply(self, 200, content, headers)

        return Handler

    def answer(self, target: str) -> tuple[str, bytes] | None:
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return "text/plain", self.robots.encode()
        if parts.path == "/calendar":
            month = int(parse_qs(parts.query).get("month", ["1"])[0])
            body = f'<a href="/calendar?month={month + 1}">下一月</a><a href="/news/{month}.html">预算新闻</a>'
            return "text/html; charset=utf-8", f"<html><body>{body}</body></html>".encode()
        return self.pages.get(target) or self.pages.get(parts.path)


def reply(handler: BaseHTTPRequestHandler, status: int, content: bytes, headers: dict[str, str] | None = None) -> bool:
    """Answer with all headers right."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    if status != 304:
        handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
    handler.wfile.flush()
    return True


def portal_site() -> Site:
    """Eight shapes in two encodings, and the traps."""
    site = Site()
    site.page("/", '<ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li>'
              '<li><a href="/calendar?month=1">日历</a></li></ul>', title="某市人民政府")  # fmt: skip
    shapes = [
        ("/bmys/index.html", "部门预决算和三公经费"), ("/years/", "历年部门决算公开"),
        ("/api.html", "单位预算公开平台"), ("/multi/", "所属单位预算公开"),
        ("/zip/", "2025年部门预算公开目录"), ("/frame/", "市级部门预算"),
        ("/download/", "部门决算（下载）"), ("/tables/", "部门预算（网页）"),
    ]  # fmt: skip
    news = "".join(f'<li><a href="/news/{n}.html">市财政局召开{n}月工作会议</a></li>' for n in range(5))
    site.page("/zwgk/", "<h2>财政信息</h2><ul>" + "".join(f'<li><a href="{p}">{t}</a></li>' for p, t in shapes)
              + f'</ul><h2>工作动态</h2><ul>{news}<li><a href="/news/">更多</a></li></ul>'
              '<a href="/policy.html">关于印发部门预算管理办法的通知</a>', title="政务公开")  # fmt: skip
    site.article(
        "/policy.html",
        "关于印发部门预算管理办法的通知",
        f'<a href="{site.file("/files/policy.pdf", pdf("policy"), account=False)}">部门预算管理办法.pdf</a>',
    )
    for n in range(12):
        site.article(f"/news/{n}.html", f"市财政局召开{n}月工作会议",
                     f'<a href="{site.file(f"/files/news{n}.pdf", pdf(f"news{n}"), account=False)}">会议材料.pdf</a>',
                     column="工作动态")  # fmt: skip
    site.page("/news/", f"<ul>{news}</ul>", title="新闻中心")
    _static_list(site)
    _years(site)
    _list_interface(site)
    _several(site)
    _zips(site)
    _frames(site)
    _downloads(site)
    _tables(site)
    return site


def _static_list(site: Site) -> None:
    """A GBK list counted by a script, articles with one PDF each, some links with session ids."""
    titles = [
        f"{bureau}{year}年部门{kind}公开" for year in YEARS for bureau in BUREAUS[:6] for kind in ("预算", "决算")
    ]
    size = 8
    pages = -(-len(titles) // size)
    for number in range(pages):
        items = ""
        for i, title in enumerate(titles[number * size : (number + 1) * size], start=number * size):
            session = f";jsessionid={i:032X}" if i % 3 == 0 else ""
            items += f'<li><span>2025-02-1{i % 9}</span><a href="./t{i}.html{session}">{title}</a></li>'
            name = quote(f"{title}.pdf".encode("gbk" if i % 2 else "utf-8"))
            path = site.file(f"/bmys/P{i}/{name}", pdf(title))
            site.article(f"/bmys/t{i}.html", title, f'<p>附件：<a href="{path}">{title}.pdf</a></p>', charset="gbk",
                         source=title.split("2")[0])  # fmt: skip
        name = "index.html" if number == 0 else f"index_{number}.html"
        pager = f'<script>createPageHTML({pages}, {number}, "index", "html");</script>'
        other = '<a href="/purchase.html">部门预算项目政府采购公告</a>'
        site.page(f"/bmys/{name}", f"<ul>{items}</ul>{pager}{other}", title="部门预决算和三公经费", charset="gbk")


def _years(site: Site) -> None:
    """Year tabs, a list of departments under each, an article for each, an attachment."""
    tabs = "".join(f'<a href="/years/{year}/">{year}年</a>' for year in YEARS)
    site.page("/years/", f'<div class="tab">{tabs}</div>', title="部门决算公开")
    for year in YEARS:
        items = "".join(f'<li><a href="/years/{year}/{n}.html">{b}</a></li>' for n, b in enumerate(BUREAUS))
        site.page(f"/years/{year}/", f'<div class="tab">{tabs}</div><ul>{items}</ul>', title=f"{year}年度部门决算")
        for n, bureau in enumerate(BUREAUS):
            path = site.file(f"/years/att/{year}-{n}.pdf", pdf(f"years {year} {bureau}"))
            site.article(f"/years/{year}/{n}.html", f"{bureau}{year}年度部门决算", f'<a href="{path}">点击下载</a>',
                         column=f"{year}年度部门决算", source=bureau)  # fmt: skip


def _list_interface(site: Site) -> None:
    """A page whose list a script asks for, as JSON, three pages of it."""
    site.page("/api.html", '<div id="list"></div><script>$.getJSON("/api/doclist?channelId=3&page=1", show)</script>',
              title="单位预算公开平台")  # fmt: skip
    titles = [f"市{bureau}所属事务中心2025年单位预算" for bureau in BUREAUS]
    for page in range(1, 4):
        records = [
            {"id": i, "title": title, "url": f"/api/art_{i}.html", "publishTime": "2025-03-01 10:00:00"}
            for i, title in enumerate(titles) if i // 4 == page - 1
        ]  # fmt: skip
        listed = {"code": 0, "data": {"total": len(titles), "pageSize": 4, "rows": records}}
        site.pages[f"/api/doclist?channelId=3&page={page}"] = ("application/json", json.dumps(listed).encode())
    for i, title in enumerate(titles):
        path = site.file(f"/api/att/{i}.pdf?token{i}==", pdf(title))
        site.article(f"/api/art_{i}.html", title, f'<a href="{path}">{title}.pdf</a>')


def _several(site: Site) -> None:
    """One article with the files of many units, and one of a spreadsheet beside them."""
    units = [f"2025年{bureau}机关单位预算公开.pdf" for bureau in BUREAUS]
    links = "".join(f'<li><a href="{site.file(f"/multi/{n}.pdf", pdf(u))}">{u}</a></li>' for n, u in enumerate(units))
    sheet = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"sheet" * 99
    site.page("/multi/", f"<div class='content-title'>2025年度所属单位预算公开</div><div>附件</div><ul>{links}"
              f'<li><a href="{site.file("/multi/t.xls", sheet)}">2025年部门预算公开报表.xls</a></li></ul>',
              title="2025年度所属单位预算公开")  # fmt: skip


def _zips(site: Site) -> None:
    """A zip for each department, its members named in GBK."""
    items = ""
    for n, bureau in enumerate(BUREAUS[:3]):
        members = {
            f"{bureau}2025年部门预算.pdf": pdf(f"zip {bureau} 1"),
            f"附件/{bureau}项目表.pdf": pdf(f"zip {bureau} 2"),
        }
        content = zipped({**members, "说明.txt": b"text"}, "gbk" if n else "utf-8")
        site.inside |= {f"{bureau}!{name}": data for name, data in members.items()}
        path = site.file(f"/zip/{n}.zip", content, account=False)
        site.article(f"/zip/{n}.html", bureau, f'<a href="{path}">{bureau}.zip</a>', column="2025年部门预算公开目录")
        items += f'<li><a href="/zip/{n}.html">{bureau}</a></li>'
    site.page("/zip/", f"<ul>{items}</ul>", title="2025年部门预算公开目录")


def _frames(site: Site) -> None:
    """PDFs shown in the page: in a frame, in a viewer's query, in a script's variable."""
    shown = (
        '<iframe src="{}"></iframe>',
        '<iframe src="/pdfjs/viewer.html?file={}"></iframe>',
        '<script>var sPdfUrl = "{}"; show(sPdfUrl);</script>',
        '<embed src="{}" type="application/pdf">',
    )
    items = ""
    for n, way in enumerate(shown):
        bureau = BUREAUS[n]
        path = site.file(f"/frame/att/{n}.pdf", pdf(f"frame {bureau}"))
        site.article(f"/frame/{n}.html", f"{bureau}2025年部门预算", way.format(path), source=bureau)
        items += f'<li><a href="/frame/{n}.html">{bureau}2025年部门预算</a></li>'
    site.page("/frame/", f"<ul>{items}</ul><a href='/frame/2.html'>下一页</a>", title="市级部门预算")


def _downloads(site: Site) -> None:
    """A table with a link per year, files behind an address without a name, named by the answer."""
    rows = ""
    for n, bureau in enumerate(BUREAUS[:5]):
        path = site.file(f"/truecms/download.do?id=9f{n}", pdf(f"download {bureau}"))
        rows += f'<tr><td>{bureau}</td><td>2024年度部门决算</td><td><a href="{path}">下载</a></td></tr>'
    site.page("/download/", f"<h2>2024年度部门决算</h2><table>{rows}</table>", title="部门决算公开")
    site.headers["/truecms/download.do"] = {
        "Content-Disposition": 'attachment; filename="' + "../../决算.pdf".encode("gbk").decode("latin-1") + '"'
    }


def _tables(site: Site) -> None:
    """An article that prints its tables itself."""
    rows = "".join(f"<tr><td>20{n:03}</td><td>{n},123.45</td><td>{n * 7}.00</td></tr>" for n in range(30))
    site.article("/tables/1.html", "水利局2025年部门预算", f"<table>{rows}</table>", source="水利局")
    site.page("/tables/", '<ul><li><a href="/tables/1.html">水利局2025年部门预算</a></li></ul>', title="部门预算")
    site.inside["tables"] = site.pages["/tables/1.html"][1]
