"""Files are whole or not there, and digests tell lists apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.files import digest_of, remove_parts, replacing


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "new" / "table.parquet"
    with replacing(file) as part:
        part.write_text("old")
    with pytest.raises(RuntimeError), replacing(file) as part:
        part.write_text("half")
        raise RuntimeError
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]


def test_parts_of_killed_processes_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / ".x1y2.part").touch()
    (tmp_path / "deep" / "table.part").touch()
    remove_parts(tmp_path)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["table.part"]


@given(st.lists(st.text()), st.lists(st.text()))
def test_different_lists_have_different_digests(one: list[str], other: list[str]) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)
