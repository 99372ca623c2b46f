"""What the lines around a table look like: titles with their tails, page numbers, notes in brackets."""

from __future__ import annotations

import re

from pipelines.words import squash

_TAIL = re.compile(
    r"(（|\()?(编制|填报|公开|预算)?(部门|单位)(名称|编码)?[:：].*$|金额单位.*$|单位[:：]?(人民币)?[（(]?(万|千|百万|亿)?元.*$"
)
PAGE_NUMBER = re.compile(r"^[-—－–─\s]*(第?\d{1,4}页?)[-—－–─\s]*$")
BRACKETED = re.compile(r"^[（(](?!.*(单位|部门)[:：])(?!.*年度?[）)]$)[^（）()]{4,40}[）)]$")


def title_text(text: str) -> str:
    """A line without the department and unit that may share it."""
    return _TAIL.sub("", squash(text))
