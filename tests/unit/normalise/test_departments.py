from __future__ import annotations

import pytest

from pipelines.normalise import Reference
from pipelines.normalise.departments import Registry


@pytest.fixture(scope="module")
def registry(reference: Reference) -> Registry:
    return Registry(reference)


@pytest.mark.parametrize(
    ("name", "region", "key"),
    [
        ("上海市普陀区财政局", "上海市普陀区", "310107-GOV-0001"),
        ("上海市普陀区财政局（部门）", "上海市普陀区", "310107-GOV-0001"),
        ("普陀区财政局（本级）", "上海市普陀区", "310107-GOV-0001"),
        ("上海市普陀区财政局", "上海", "310107-GOV-0001"),  # the name says more than the portal
        ("中国共产党江苏省委员会办公厅", "江苏省", "320000-PTY-0001"),
        ("江苏省委办公厅", "江苏省", "320000-PTY-0001"),
        ("江苏省人大常委会", "江苏省", "320000-CON-0001"),
        ("仁和区政府办公室", "四川省攀枝花市仁和区", "510411-GOV-0001"),
    ],
)
def test_printed_variants_are_one_department(registry: Registry, name: str, region: str, key: str) -> None:
    assert registry.department(name, region).key == key


def test_a_bare_name_never_crosses_regions(registry: Registry) -> None:
    assert not registry.department("财政局", "江苏省").curated
    assert registry.department("财政局", "上海市普陀区").key == "310107-GOV-0001"
    assert registry.department("司法局", "苏州").key != registry.department("司法局", "烟台").key


def test_a_provisional_key_is_stable_under_variants(registry: Registry) -> None:
    keys = {
        registry.department(name, region).key
        for name, region in [("北京市审计局", "北京"), ("北京市审计局", "北京市"), ("审计局（本级）", "北京")]
    }
    assert len(keys) == 1
    assert keys.pop().startswith("p-110000-")


def test_a_region_the_registry_does_not_know_is_kept_as_stated(registry: Registry) -> None:
    found = registry.department("某县审计局", "某省某县")
    assert (found.region.code, found.region.name) == (None, "某省某县")
    assert found.key.startswith("p-unknown-")
