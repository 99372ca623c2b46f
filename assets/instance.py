"""The Dagster instance of a home: its settings, and freeing what a killed run still holds."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipelines.files import replacing
from pipelines.settings import Home

SETTINGS = """\
# Written by juesuan where it was missing; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
# Writers of one warehouse take turns, steps and runs alike.
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 30
"""
UNFINISHED = [DagsterRunStatus.STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.CANCELING]
COMMAND_LINE = {"juesuan/started_from": "command line"}
"""Tag of runs that live in the process of a command, of which there is one at a time in a home."""


def prepare(home: Home) -> Path:
    """Create the instance folder of a home with its settings; returns what DAGSTER_HOME must be."""
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        with replacing(settings) as part:
            part.write_text(SETTINGS)
    # Dagster reads these when an instance is opened; the settings file alone would do, were it not for its imports.
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    return home.dagster


def opened(home: Home) -> DagsterInstance:
    """The instance of a home, for a command that holds the home's lock."""
    instance = DagsterInstance.from_config(str(prepare(home)))
    _end_killed_runs(instance)
    return instance


def _end_killed_runs(instance: dg.DagsterInstance) -> None:
    """Mark runs of killed commands as failed and free the pools they hold, or the next run would wait for ever."""
    for run in instance.get_runs(RunsFilter(statuses=UNFINISHED, tags=COMMAND_LINE)):
        instance.report_run_failed(run, "The command that ran this was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
