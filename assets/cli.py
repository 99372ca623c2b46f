"""The command `juesuan`. Dagster and the engines are imported inside the commands that need them.

Exit codes: 0 all is accounted for, 1 something failed (with --strict also when a document was rejected), 2 misuse.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.errors import BuildError, JuesuanError, UsageError
from pipelines.settings import HOME_VARIABLE, WORKSPACE, Home, home_at

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.collect.archive import Archive, Registration

FAILED, MISUSED = 1, 2
PLAIN_WIDTH = 160
"""Width of tables where output is no terminal."""

home_option = click.option(
    "--home",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The folder the warehouse is built in; default ${HOME_VARIABLE}, else warehouse/ of the repository.",
)


class _Commands(click.Group):
    """Turns our errors into one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except JuesuanError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(MISUSED if isinstance(error, UsageError) else FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="juesuan")
def main() -> None:
    """Published budgets and final accounts of Chinese departments as a warehouse.

    \b
    juesuan collect PORTAL  find and fetch the accounts a site publishes
    juesuan build FOLDER    read the PDFs of a folder and publish a warehouse of all that is registered
    juesuan status          what became of each document
    juesuan query FILE.sql  ask the warehouse
    juesuan explain ID      where a number comes from
    """  # noqa: D301  click wants the control character


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--links",
    "links_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with file, link_title, portal_region: what a crawler would know of each file.",
)
@home_option
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read documents; default one per core.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a document was rejected or is in conflict.")
def build(
    paths: tuple[Path, ...], links_file: Path | None, folder: Path | None, workers: int | None, strict: bool
) -> None:
    """Register the PDFs of PATH (files or folders) and build the warehouse of all registered documents.

    Without PATH what is registered is built again. Where nothing has changed nothing is read and nothing is written.
    """
    from assets import report
    from pipelines.collect.archive import Archive
    from pipelines.collect.sources import sources_digest
    from pipelines.settings import default_workers
    from pipelines.warehouse.publish import current_build

    console, home = _console(), home_at(folder)
    if links_file is not None and not paths:
        raise UsageError("--links says what is known of files given as PATH; give the files or their folder too.")
    with _locked(home):
        archive = Archive(home.archive)
        unreadable = _register(console, archive, paths, links_file) if paths else []
        if not archive.entries():
            raise UsageError(f"Nothing is registered in {home.archive}. Give a folder of PDFs: juesuan build FOLDER")
        sources, current = sources_digest(archive), current_build(home)
        if current is not None and _built(home) == (sources, current.build_id):
            console.print(f"Nothing to do: {home.warehouse} is built from these documents.", soft_wrap=True)
        else:
            _run(console, home, workers or default_workers())
            current = current_build(home)
            assert current is not None
            _remember(home, sources, current.build_id)
            report.summary(console, home, current)
    refused = report.refused(home)
    if unreadable or (strict and refused):
        sys.exit(FAILED)


@main.command()
@home_option
@click.option("--documents", is_flag=True, help="List every document instead.")
def status(folder: Path | None, documents: bool) -> None:
    """Show the documents by outcome, what was not read and why, what the checks found, and the builds."""
    from assets import report
    from pipelines.collect.archive import Archive
    from pipelines.collect.sources import sources_digest
    from pipelines.warehouse.publish import current_build, list_builds
    from pipelines.warehouse.query import query

    console, home = _console(), home_at(folder)
    archive, current = Archive(home.archive), current_build(home)
    registered = len(archive.entries())
    if current is None:
        console.print(f"{registered} documents are registered in {home.archive}; no warehouse is built yet.")
        return
    if documents:
        report.show(console, query(home.warehouse, report.DOCUMENTS), "Documents")
        return
    report.summary(console, home, current)
    report.builds(console, list_builds(home), current)
    if _built(home) != (sources_digest(archive), current.build_id):
        console.print(f"Documents ({registered} registered), code or reference data changed since: run juesuan build.")


@main.command()
@click.argument("portal")
@click.option("--years", default="", metavar="2024,2025", help="Only what is listed under these years; also 2022-2025.")
@click.option("--dry-run", is_flag=True, help="Walk, and list what would be fetched; fetch no document.")
@home_option
@click.option("--allow-private", is_flag=True, help="Also ask hosts in private networks and on this machine.")
def collect(portal: str, years: str, dry_run: bool, folder: Path | None, allow_private: bool) -> None:
    """Find the accounts published on PORTAL (a name in raw/portals, a YAML, or an address) and fetch what is new.

    Nothing that was fetched before is ever lost: new bytes at a known address are kept beside the old.
    """
    from assets import collected
    from pipelines.collect.portals import find_portal, years_in
    from pipelines.collect.session import collect_into
    from pipelines.settings import CONTACT_VARIABLE

    console, home = _console(), home_at(folder)
    found = find_portal(portal, home.portals)
    if not os.environ.get(CONTACT_VARIABLE):
        console.print(f"Set {CONTACT_VARIABLE} to an address, so that a portal can tell who is asking.")
    with _locked(home):
        done = collect_into(
            home, found, years=years_in(years), dry_run=dry_run, allow_private=allow_private,
            on_outcome=lambda outcome: collected.one(console, outcome),
        )  # fmt: skip
    collected.summary(console, done)
    if done.failed:
        sys.exit(FAILED)


@main.command()
@home_option
def verify(folder: Path | None) -> None:
    """Hash every document of the archive again and compare it with the manifest."""
    from assets import collected
    from pipelines.collect.archive import Archive
    from pipelines.collect.verify import verify as verify_archive

    verified = verify_archive(Archive(home_at(folder).archive))
    collected.soundness(_console(), verified)
    if not verified.sound:
        sys.exit(FAILED)


@main.command()
@click.argument("document")
@click.option("--reason", default="withdrawn by hand", show_default=True, help="Why, shown as the document's outcome.")
@click.option("--undo", is_flag=True, help="Take the document in again.")
@home_option
def withdraw(document: str, reason: str, undo: bool, folder: Path | None) -> None:
    """Take DOCUMENT (its file name, or the beginning of its sha256) out of the next build."""
    from pipelines.collect.archive import Archive

    home = home_at(folder)
    with _locked(home):
        archive = Archive(home.archive)
        entry = archive.restore(document) if undo else archive.withdraw(document, reason)
    done = "counts again" if undo else "is withdrawn"
    _console().print(f"{entry.file_name} ({entry.sha256[:12]}) {done}: run juesuan build for it to take effect.")


@main.command()
@click.argument("sql")
@home_option
def query(sql: str, folder: Path | None) -> None:
    """Run SQL (a SELECT, or a file that holds one) on the published warehouse and print its rows."""
    from assets import report
    from pipelines.warehouse.query import query as ask

    file = Path(sql)
    is_file = file.suffix == ".sql"
    if is_file and not file.is_file():
        raise UsageError(f"There is no file {file}.")
    text = file.read_text(encoding="utf-8") if is_file else sql
    heading = text.splitlines()[0].removeprefix("--").strip() if text.startswith("--") else None
    report.show(_console(), ask(home_at(folder).warehouse, text), heading)


@main.command()
@click.argument("words", nargs=-1, metavar="[FIGURE_ID | MART[.COLUMN] WORD...]")
@click.option("--department", help="Its name, a part of it, or its key.")
@click.option("--year", type=int, help="Fiscal year.")
@click.option("--measure", help="Such as agency_running_cost, three_public, 公务接待费.")
@click.option("--stage", help="Such as initial_budget or final.")
@click.option("--scope", help="Such as department or unit.")
@click.option("--subject", help="Code of a functional or economic subject, such as 2080505.")
@click.option("--mart", help="The mart, where several have the measure.")
@click.option(
    "--image",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a PNG of the pages, with the figures outlined.",
)
@home_option
def explain(
    words: tuple[str, ...],
    department: str | None,
    year: int | None,
    measure: str | None,
    stage: str | None,
    scope: str | None,
    subject: str | None,
    mart: str | None,
    image: Path | None,
    folder: Path | None,
) -> None:
    """Say where a number comes from.

    \b
    juesuan explain 2820941c4387                        a printed figure, by the beginning of its id
    juesuan explain figure_trust T_TOTAL                a row of a mart, by words that only it has
    juesuan explain figure_trust.contradicted T_TOTAL   one number of that row
    juesuan explain --department 省政协 --year 2018 --measure 公务接待费

    A WORD is a value of the row or a part of one (department, year, measure, file, page ...), or column=value.
    """  # noqa: D301  click wants the control character
    from pipelines.warehouse.asked import is_mart
    from pipelines.warehouse.explain import Question, draw, explain_figure, explain_row, explain_value

    home = home_at(folder)
    if words and (department or year or measure or stage or scope or subject or mart):
        raise UsageError("Give either a figure's id or a mart and words, or --department and --year, not both.")
    if words and (len(words) > 1 or is_mart(words[0]) or re.fullmatch("[0-9a-fA-F]*", words[0]) is None):
        explanation = explain_row(home, words[0], words[1:])
    elif words:
        explanation = explain_figure(home, words[0])
    elif department and year is not None:
        explanation = explain_value(home, Question(department, year, measure, stage, scope, subject, mart))
    else:
        raise UsageError("Give a figure's id, a mart and words, or --department and --year, and mostly --measure.")
    click.echo(explanation.text())
    if image is not None:
        drawn = draw(home, explanation, image)
        click.echo(f"\n{image}: {drawn} of {len(explanation.figure_ids) + len(explanation.pages)} figures")


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
@home_option
def ui(port: int, folder: Path | None) -> None:
    """Open the Dagster UI of a home on this machine, without telemetry."""
    from assets.instance import prepare

    home = home_at(folder)
    prepare(home)
    os.environ[HOME_VARIABLE] = str(home.root)
    os.chdir(WORKSPACE.parent)
    click.echo(f"The Dagster UI of {home.root} opens at http://127.0.0.1:{port} in a few seconds; Ctrl-C ends it.")
    sys.stdout.flush()
    dagster = Path(sys.executable).with_name("dagster")
    os.execv(dagster, [str(dagster), "dev", "-w", str(WORKSPACE), "-h", "127.0.0.1", "-p", str(port)])


def _register(console: Console, archive: Archive, paths: tuple[Path, ...], links_file: Path | None) -> list[str]:
    """Take the PDFs of `paths` in and say so; gives the files that could not be opened."""
    from pipelines.collect.folders import pdfs_in
    from pipelines.collect.links import Links, read_links

    files = pdfs_in(paths)
    if not files:
        raise UsageError(f"No PDF in {', '.join(map(str, paths))}.")
    links = read_links(links_file, [path for path in paths if path.is_dir()]) if links_file else Links()
    done = archive.register(files, links.facts)
    _say_registered(console, len(files), done)
    for name in links.missing:
        console.print(f"{links_file} names {name or 'a row without file'}, which is not there.")
    return done.unreadable


def _say_registered(console: Console, files: int, done: Registration) -> None:
    parts = [f"{len(done.new)} new", f"{done.known} known"]
    parts += [f"{done.relinked} with other link facts"] if done.relinked else []
    console.print(f"{files} files: {', '.join(parts)}")
    for name in done.withdrawn:
        console.print(f"{name} stays withdrawn; juesuan withdraw --undo takes it in again.")
    for problem in done.unreadable:
        console.print(f"Could not be opened, and is not registered: {problem}")


def _run(console: Console, home: Home, processes: int) -> None:
    from assets.build import run_build
    from assets.progress import ProgressBar
    from pipelines.files import remove_parts

    for folder in (home.archive, home.page_cache, home.parquet, home.builds):
        remove_parts(folder)
    with ProgressBar(console) as progress:
        run_build(home, processes, progress)


def _built(home: Home) -> tuple[str, str] | None:
    """What the current build was made from and its id, as remembered; None where that is not known."""
    import msgspec

    try:
        return msgspec.json.decode(home.built.read_bytes(), type=tuple[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _remember(home: Home, sources: str, build_id: str) -> None:
    import msgspec

    from pipelines.files import replacing

    with replacing(home.built) as part:
        part.write_bytes(msgspec.json.encode((sources, build_id)))


@contextlib.contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Hold a home while it is changed; a second command there is told to wait."""
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        stream = home.lock.open("a")
    except OSError as error:
        raise UsageError(f"{home.root} cannot be used as a home: {error.strerror}") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                f"Another juesuan command is working in {home.root}. Try again when it has ended."
            ) from error
        yield


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)
