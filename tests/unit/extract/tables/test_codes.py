from __future__ import annotations

import pytest

from pipelines.extract.tables.codes import join_parts


@pytest.mark.parametrize(
    ("codes", "above", "code"),
    [
        (["2080505"], "", "2080505"),
        (["208", "05", "05"], "", "2080505"),
        (["208", "05", ""], "", "20805"),
        (["301", "2", ""], "", "30102"),  # printed unpadded
        (["", "05", ""], "208", "20805"),  # each row prints its own digits only
        (["", "", "05"], "2080501", "2080505"),
        (["", "05", ""], "2010301", "20105"),
        (["", "", ""], "208", ""),
        (["２０１"], "", "201"),
    ],
)
def test_codes_are_joined_however_they_are_printed(codes: list[str], above: str, code: str) -> None:
    assert join_parts(codes, above) == code
