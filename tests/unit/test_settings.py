"""Where a home and its archive are."""

from pathlib import Path

import pytest

from pipelines.settings import DEFAULT_HOME, HOME_VARIABLE, RAW, default_workers, home_at


def test_the_option_comes_before_the_environment_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert home_at().root == DEFAULT_HOME
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "environment"))
    assert home_at().root == tmp_path / "environment"
    assert home_at(tmp_path / "option").root == tmp_path / "option"


def test_only_the_default_home_keeps_its_documents_outside(tmp_path: Path) -> None:
    assert home_at(DEFAULT_HOME).archive == RAW / "documents"
    assert home_at(DEFAULT_HOME / "demo").archive == DEFAULT_HOME / "demo" / "archive"
    assert home_at(tmp_path).archive == tmp_path / "archive"


@pytest.mark.parametrize(("said", "workers"), [("3", 3), ("0", 1)])
def test_workers_can_be_set_by_the_environment(said: str, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_WORKERS", said)
    assert default_workers() == workers
