"""Names of departments: cleaning, telling them from other words, and the region they begin with."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from pipelines.catalogue.metadata import either, metadata_words

BRACKETS = str.maketrans("()", "（）")
"""Canonical brackets back to the printed ones."""
_SECOND_NAME = re.compile("([^（）]+)（([^（）]{3,})）")


class Name(NamedTuple):
    """A cleaned name; `head` says that it was printed with （本级） or the like."""

    text: str
    head: bool


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = metadata_words()
    regions = words.regions
    return {
        "prefix": re.compile("^" + either(words.name_prefixes)),
        "suffix": re.compile(either(words.name_suffixes) + "$"),
        "head": re.compile(either(words.head_suffixes) + "$"),
        "strict": re.compile(either(words.bodies.strict) + "$"),
        "loose": re.compile(either(words.bodies.loose) + "$"),
        "not": re.compile(either(words.not_bodies)),
        "placeholder": re.compile(either(words.placeholders)),
        "region": re.compile(
            f"^{either(regions.before)}?(?P<province>{either(regions.provinces)})?"
            f"(?P<city>{regions.city})?(?P<county>{regions.county})?"
        ),
        "central": re.compile(either(regions.central)),
    }


def has_placeholder(text: str) -> bool:
    """Whether something stands in for a word to be filled in (XX局)."""
    return _patterns()["placeholder"].search(text) is not None


def clean_name(key: str) -> Name:
    """Strip from canonical text what is printed around a department's name: codes, （汇总）, （本级）, 部门."""
    patterns = _patterns()
    head = False
    text = key
    while True:
        shorter = patterns["prefix"].sub("", text)
        if patterns["head"].search(shorter):
            shorter, head = patterns["head"].sub("", shorter), True
        bare = patterns["suffix"].sub("", shorter)
        # 宣传部 keeps its 部, and a name does not end in nothing.
        shorter = bare if bare else shorter
        if shorter == text:
            return Name(text.translate(BRACKETS), head)
        text = shorter


def is_name(text: str, strict: bool = False) -> bool:
    """Whether a cleaned text can be a department's name; `strict` for text found without a label.

    A name may end with its second one in brackets: 自然资源和规划局（林业局）.
    """
    patterns = _patterns()
    body = patterns["strict" if strict else "loose"]
    twice = _SECOND_NAME.fullmatch(text)
    first, second = twice.groups() if twice else (text, text)
    return (
        3 <= len(text) <= 40
        and body.search(first) is not None
        and body.search(second) is not None
        and patterns["not"].search(text) is None
        and not has_placeholder(text)
        and text.count("（") == text.count("）")
        and re.fullmatch("[一-龥〇（）、·A-Za-z0-9]+", text) is not None
        and not is_region(text)
    )


def official(name: str) -> str:
    """The name with short forms written out (仁和区政府办公室: 仁和区人民政府办公室)."""
    for short, full in metadata_words().short_forms.items():
        name = re.sub(short, full, name)
    return name


def is_region(text: str) -> bool:
    """Whether the text is a region and nothing more (上海市普陀区)."""
    return bool(text) and region_of(text) == text


def region_of(name: str) -> str | None:
    """The region a name begins with, as printed (上海市普陀区财政局: 上海市普陀区); None if it states none."""
    patterns = _patterns()
    found = patterns["region"].match(name)
    parts = [part for part in found.group("province", "city", "county") if part] if found else []
    if parts:
        return "".join(parts)
    return metadata_words().regions.central_name if patterns["central"].search(name) else None


def merge_region(printed: str | None, portal: str) -> tuple[str | None, str]:
    """The document's region from its department's name and its portal, and why.

    The portal says where a bare name belongs (仁和区人民政府办公室 under 四川省攀枝花市仁和区), the name says more
    where it goes on from the portal's region (上海市普陀区财政局 on a portal of 上海), and is right where the two
    name different provinces.
    """
    if not portal:
        return (
            (printed, "begins the department's name")
            if printed
            else (None, "neither the department's name nor a portal states it")
        )
    if printed is None or printed == portal:
        return portal, "the portal's region"
    bare = portal.removesuffix("市").removesuffix("省")
    rest = printed.removeprefix(bare)
    if rest != printed and rest not in ("市", "省", ""):
        return printed, f"begins the department's name and is more exact than the portal's region {portal}"
    ours, theirs = _province(printed), _province(portal)
    if ours and theirs and ours != theirs:
        return printed, f"begins the department's name; the portal's region {portal} is another"
    return portal, "the portal's region"


def _province(region: str) -> str | None:
    """The two first characters of the province a region names, which tell the provinces apart."""
    return next((p[:2] for p in metadata_words().regions.provinces if region.startswith(p[:2])), None)
