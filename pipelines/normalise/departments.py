"""Which department a printed name means: the curated registry first, a provisional key otherwise.

Names are compared inside their region only: 司法局 exists in every county (domain.md 7). Facts about departments lie
in `raw/reference`, not here.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

import polars as pl

from pipelines.normalise.reference import Reference
from pipelines.words import canonical

_SUFFIX = re.compile(r"(\((部门|本级|本部|机关|汇总|单位)\)|本级|本部)$")
_PARTY = re.compile(r"^中国共产党(.*?)委员会")
_SPELLINGS = str.maketrans({"与": "和"})


class Region(NamedTuple):
    """A region as the registry or the document names it; `code` None where the registry does not know it."""

    code: str | None
    name: str
    names: tuple[str, ...] = ()


class Department(NamedTuple):
    """A department a document belongs to."""

    key: str
    name: str
    region: Region
    curated: bool


class Registry:
    """The curated regions and departments with their names."""

    def __init__(self, reference: Reference) -> None:
        self._regions: list[Region] = []
        for row in reference.regions.iter_rows(named=True):
            aliases = [alias for alias in row["alias"].split("|") if alias]
            names = sorted({canonical(name) for name in (row["name"], *aliases)}, key=lambda name: (-len(name), name))
            self._regions.append(Region(row["region_code"], row["name"], tuple(names)))
        self._by_code = {region.code: region for region in self._regions}
        self._curated: dict[str, Department] = {}
        self._exact: dict[tuple[str | None, str], str] = {}
        self._normal: dict[tuple[str | None, str], str] = {}
        for row in reference.departments.iter_rows(named=True):
            region = self._by_code[row["region_code"]]
            self._curated[row["department_key"]] = Department(row["department_key"], row["name"], region, True)
        others = reference.department_aliases.select("department_key", name="alias")
        for key, name in pl.concat([reference.departments.select("department_key", "name"), others]).iter_rows():
            region = self._curated[key].region
            self._exact.setdefault((region.code, canonical(name)), key)
            self._normal.setdefault((region.code, normal_name(name, region)), key)

    def region(self, stated: str, department_name: str) -> Region:
        """The region of a document: what is stated, or a part of it that the department's name begins with."""
        key = canonical(stated)
        found = next((region for region in self._regions if key in region.names), None)
        within = [
            region
            for region in self._regions
            if region.names
            and canonical(department_name).startswith(region.names)
            and (found is None or _is_within(region, found))
        ]
        deepest = max(within, key=lambda region: len((region.code or "").rstrip("0")), default=None)
        if deepest is not None and (found is not None or not key):
            return deepest
        return found or Region(None, stated)

    def department(self, name: str, stated_region: str) -> Department:
        """The department of that printed name: exact alias, then normalised name, else a provisional key."""
        region = self.region(stated_region, name)
        normal = normal_name(name, region)
        key = self._exact.get((region.code, canonical(name))) or self._normal.get((region.code, normal))
        if key is not None and region.code is not None:
            return self._curated[key]
        digest = hashlib.sha256(f"{region.name}|{normal}".encode()).hexdigest()[:8]
        return Department(f"p-{region.code or 'unknown'}-{digest}", canonical_name(name), region, False)

    def curated(self) -> list[Department]:
        """All departments of the registry."""
        return list(self._curated.values())


def canonical_name(name: str) -> str:
    """A printed name without white space and without what only tells the scope: （部门）, （本级）."""
    return _SUFFIX.sub("", canonical(name))


def normal_name(name: str, region: Region) -> str:
    """What variants of one department's name in `region` have in common."""
    key = _PARTY.sub(r"中共\1委", canonical_name(name)).translate(_SPELLINGS)
    for region_name in region.names:
        rest = key.removeprefix(region_name)
        if rest != key and rest:
            return rest
    return key


def _is_within(inner: Region, outer: Region) -> bool:
    """Whether administrative codes say so: 310107 lies within 310000, everything within 000000."""
    return (inner.code or "").startswith((outer.code or "").rstrip("0"))


def add_departments(documents: pl.DataFrame, reference: Reference) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`documents` with `department_key`, then the rows of core.dim_department and core.dim_department_alias.

    A document that names no department gets none. The stated region is the one read from the pages, else the
    portal's.
    """
    registry = Registry(reference)
    stated = pl.coalesce(pl.col("region_name").replace("", None), "portal_region").fill_null("")
    pairs = documents.select("department_name", stated=stated).filter(pl.col("department_name") != "").unique()
    pairs = pairs.sort("department_name", "stated")
    found = [registry.department(name, region) for name, region in pairs.iter_rows()]
    lookup = pairs.with_columns(department_key=pl.Series([each.key for each in found], dtype=pl.String))
    documents = (
        documents.with_columns(stated=stated)
        .join(lookup, on=["department_name", "stated"], how="left", maintain_order="left")
        .drop("stated")
    )
    known = {each.key: each for each in [*found, *registry.curated()]}
    curated = reference.departments.select("department_key", "level", "system")
    rows = [
        {"department_key": d.key, "name": d.name, "region_name": d.region.name or "未知", "region_code": d.region.code,
         "status": "curated" if d.curated else "provisional"}
        for d in sorted(known.values())
    ]  # fmt: skip
    departments = pl.DataFrame(
        rows, schema=["department_key", "name", "region_name", "region_code", "status"], orient="row"
    ).join(curated, on="department_key", how="left", maintain_order="left")
    printed = lookup.select("department_key", alias="department_name", alias_kind=pl.lit("printed"))
    aliases = pl.concat([reference.department_aliases, printed]).unique(
        ["department_key", "alias"], keep="first", maintain_order=True
    )
    return documents, departments, aliases.sort("department_key", "alias")
