"""A small folder of documents, good and bad, and the home that a build of it leaves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assets.cli import main
from pipelines.settings import RAW, Home, home_at

SAMPLES = RAW / "samples"
GOOD = ("jiangsu-npc-2018-budget.pdf", "renhe-office-2023-final.pdf")


Command = Callable[..., Result]


@pytest.fixture(scope="session")
def juesuan() -> Command:
    """The command, run in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two samples, one of them twice, and two files that only end in .pdf."""
    given = tmp_path_factory.mktemp("given")
    for name in GOOD:
        shutil.copy(SAMPLES / name, given)
    (given / "again").mkdir()
    shutil.copy(SAMPLES / GOOD[0], given / "again" / "copy.pdf")
    (given / "empty.pdf").write_bytes(b"")
    (given / "page.pdf").write_bytes(b"<html>404</html>")
    shutil.copy(SAMPLES / "links.csv", given)
    return given


@pytest.fixture(scope="session")
def built(juesuan: Command, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of a finished build; tests that change a home copy it."""
    home = home_at(tmp_path_factory.mktemp("home"))
    result = juesuan("build", folder, "--home", home.root)
    assert result.exit_code == 0, result.output
    return home
