"""Running the whole graph in this process: what `juesuan build` does once the documents are registered."""

from __future__ import annotations

from collections.abc import Sequence

from dagster import (
    AssetCheckSeverity,
    DagsterEvent,
    DagsterEventType,
    DagsterExecutionInterruptedError,
    MarkdownMetadataValue,
)

from assets import instance
from assets.definitions import BUILD_ALL, READ, build_definitions
from assets.partitions import UNLISTED, sync
from assets.resources import HomeResource, Progress
from pipelines.collect.archive import Archive
from pipelines.errors import BuildError
from pipelines.extract.batch import forget_partitions
from pipelines.settings import Home

STOPPED = "Stopped. The published warehouse is as it was; the same command goes on from the pages already read."
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_build(home: Home, processes: int, progress: Progress) -> None:
    """Materialise every asset of `home`, in the instance that its UI shows. The caller holds the home's lock.

    Raises BuildError with the first failure in words; the published warehouse then is as it was.
    """
    definitions = build_definitions(
        {"home": HomeResource(folder=str(home.root), workers=processes), "progress": progress}
    )
    with instance.opened(home) as opened:
        sync(opened, home)
        partitions = Archive(home.archive).partitions()
        forget_partitions(home.parquet / "extract", [*partitions, UNLISTED])
        # What was registered from folders comes last, and with it all that is made of every partition.
        for partition in (*(name for name in partitions if name != UNLISTED), UNLISTED):
            result = definitions.resolve_job_def(BUILD_ALL if partition == UNLISTED else READ).execute_in_process(
                run_config=QUIET,
                instance=opened,
                partition_key=partition,
                tags=instance.COMMAND_LINE,
                raise_on_error=False,
            )
            if not result.success:
                raise BuildError(_why(result.all_events))


def _why(events: Sequence[DagsterEvent]) -> str:
    """What ended a run: the checks that gate publishing, or the step that failed and its innermost message."""
    refused = [
        f"{event.asset_check_evaluation_data.check_name}: {_text(event.asset_check_evaluation_data.metadata['worst'])}"
        for event in events
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION
        and not event.asset_check_evaluation_data.passed
        and event.asset_check_evaluation_data.severity == AssetCheckSeverity.ERROR
    ]
    if refused:
        return "\n\n".join(("Nothing is published, for these checks do not hold.", *refused))
    for event in events:
        if event.event_type == DagsterEventType.STEP_FAILURE and (error := event.step_failure_data.error):
            while error.cause is not None:
                error = error.cause
            if error.cls_name == DagsterExecutionInterruptedError.__name__:
                return STOPPED
            # Our own errors are whole sentences; of others the class tells something too.
            reason = error.message.strip()
            return reason.partition(": ")[2] if reason.startswith("pipelines.") else f"{event.step_key}: {reason}"
    return "The run ended without naming a reason; `juesuan ui` shows its log."


def _text(value: object) -> str:
    return value.value if isinstance(value, MarkdownMetadataValue) else str(value)
