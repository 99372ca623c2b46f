"""Web addresses: which are the same, which may be asked, and which network they lie in.

Nothing here opens a connection; names are resolved to see where they lead.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

SESSION = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|sessionid|session|sid|utm_\w+|spm|_|timestamp|rnd|random)$", re.I
)
_PATH_SESSION = re.compile(r";[^/?#]*", re.I)
DOCUMENT = re.compile(r"\.(pdf|xlsx?|docx?|wps|et|zip|rar|7z|ofd)$", re.I)
MAX_LENGTH = 2000


def absolute(base: str, reference: str) -> str | None:
    """The address a reference on page `base` leads to, tidied; None where it is no http(s) address."""
    reference = reference.strip().replace("\\", "/")
    if not reference or reference.startswith("#"):
        return None
    try:
        return tidy(urljoin(base, reference))
    except ValueError:
        return None


def tidy(url: str) -> str | None:
    """The address in one form: without fragment, session id, default port and user; percent-encoded in UTF-8.

    None for what is no http(s) address or unreasonably long.
    """
    parts = urlsplit(re.sub(r"[\t\r\n]", "", url))
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme.lower() not in ("http", "https") or not host or len(url) > MAX_LENGTH:
        return None
    if not host.isascii():
        host = host.encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    netloc = host if parts.port in (None, default) else f"{host}:{parts.port}"
    path = quote(_PATH_SESSION.sub("", parts.path) or "/", safe="/%:@!$&'()*+,=~-._")
    return urlunsplit((parts.scheme.lower(), netloc, _no_dots(path), _query(parts.query), ""))


def identity(url: str) -> str:
    """What tells documents apart: the address, with no signature that stands alone for a query.

    Some systems sign each link anew (`/a.pdf?GiNrzBIQ…==`), so the query says nothing of the document.
    """
    parts = urlsplit(url)
    signature = DOCUMENT.search(parts.path) and "=" not in parts.query.rstrip("=")
    return urlunsplit(parts._replace(query="" if signature else parts.query))


def host_of(url: str) -> str:
    """Host and, where it is not the default, port."""
    return urlsplit(url).netloc


def file_name(url: str) -> str:
    """The last part of the path, decoded as UTF-8 or GBK; for people to read, never to write a file under."""
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    decoded = unquote(name, errors="replace")
    return unquote(name, encoding="gb18030", errors="replace") if "\ufffd" in decoded else decoded


def is_public(host: str) -> bool:
    """Whether all addresses a host name resolves to lie in the public Internet. Raises OSError when it has none."""
    found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    return all(is_public_address(str(address)) for address in found)


def is_public_address(address: str) -> bool:
    """Whether one IP address is neither loopback, private, link-local nor otherwise reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


def _query(query: str) -> str:
    if "=" not in query.rstrip("="):
        return quote(query, safe="=&%:@!$'()*+,/~-._?;")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return query
    return (
        query
        if all(not SESSION.match(key) for key, _ in pairs) and query.isascii()
        else urlencode([(key, value) for key, value in pairs if not SESSION.match(key)])
    )


def _no_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept) or "/"
