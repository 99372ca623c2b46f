"""The Dagster instance of a home: quiet, and free again after a run was killed."""

from pathlib import Path

import yaml
from dagster import DagsterRun, DagsterRunStatus

from assets.instance import COMMAND_LINE, opened, prepare
from assets.publish import POOL
from pipelines.settings import home_at


def test_settings_are_written_once_and_then_belong_to_the_user(tmp_path: Path) -> None:
    settings = prepare(home_at(tmp_path)) / "dagster.yaml"
    written = yaml.safe_load(settings.read_text())
    assert written["telemetry"] == written["nux"] == {"enabled": False}
    assert written["concurrency"]["pools"] == {"default_limit": 1}
    settings.write_text("telemetry: {enabled: false}\n")
    prepare(home_at(tmp_path))
    assert settings.read_text() == "telemetry: {enabled: false}\n"


def test_a_killed_command_holds_nothing_up(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    with opened(home) as instance:
        run = instance.add_run(DagsterRun(job_name="build_all", status=DagsterRunStatus.STARTED, tags=COMMAND_LINE))
        instance.event_log_storage.initialize_concurrency_limit_to_default(POOL)
        assert instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "publish").is_claimed
    with opened(home) as instance:
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None and ended.status == DagsterRunStatus.FAILURE
        assert instance.event_log_storage.get_concurrency_info(POOL).active_slot_count == 0
