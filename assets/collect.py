"""Group `raw`, the way in: what the listings of portals give, when they are asked, and the drop-in folder.

How a portal is walked is `pipelines.collect`; nothing here asks a server by itself.
"""

# No postponed annotations here: Dagster wants to see the type of `context` itself.
import datetime as dt
from collections.abc import Iterator

import dagster as dg

from assets.metadata import code_reference, markdown
from assets.owners import OWNERS
from assets.partitions import NAME, UNLISTED, in_season, known_partitions, listings, split
from assets.resources import HomeResource
from pipelines.collect.collector import Collected
from pipelines.collect.folders import inbox_digest, register_inbox
from pipelines.collect.portals import find_portal, portals_in
from pipelines.collect.session import collect_into, outcome_table
from pipelines.settings import PORTALS, ROOT

COLLECT = "collect_and_build"
YIELD = "portal_yields_as_before"
POOL = "portals"
"""Walks take turns: no portal is asked by two runs at once."""

portals = dg.AssetSpec(
    ["raw", "portals"],
    group_name="raw",
    kinds={"yaml"},
    owners=OWNERS,
    description="Where accounts are published: start pages, hosts, publisher and region of each portal.",
    metadata=code_reference(PORTALS),
)


class Asking(dg.Config):
    """How a listing is asked for."""

    allow_private: bool = False
    """Also ask hosts in private networks and on this machine."""


@dg.asset(
    key=["raw", "listing"],
    deps=[portals.key],
    partitions_def=listings,
    group_name="raw",
    kinds={"python", "file"},
    owners=OWNERS,
    description="Documents found under one portal's listing of one year, fetched into the archive. The partition "
    "`unlisted` takes in what lies in the drop-in folder (`inbox/` of the home).",
    metadata=code_reference(ROOT / "pipelines" / "collect" / "collector.py"),
    check_specs=[
        dg.AssetCheckSpec(
            YIELD,
            asset=["raw", "listing"],
            description="A portal that suddenly shows far less raises an alarm. Nothing is removed because of it.",
        )
    ],
    retry_policy=dg.RetryPolicy(max_retries=2, delay=60, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS),
    pool=POOL,
)
def listing(
    context: dg.AssetExecutionContext, config: Asking, home: HomeResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Ask a portal for what one year's listing shows."""
    partition = context.partition_key
    if partition == UNLISTED:
        taken = register_inbox(home.archive, home.home.inbox)
        yield _result({"new": len(taken.new), "known": taken.known}, "")
        return
    name, years = split(partition)
    done = collect_into(
        home.home,
        find_portal(name, home.home.portals),
        years=years,
        allow_private=config.allow_private,
        on_outcome=lambda one: context.log.info("%s: %s %s", one.what, one.title or one.url, one.reason),
    )
    if not done.outcomes and done.pages_failed:
        raise dg.Failure(f"Nothing of {name} could be read: {done.pages_failed[0].reason}")
    found = home.archive.partitions()
    context.instance.add_dynamic_partitions(NAME, [p for p in found if p.startswith(f"{name}.")])
    yield _result(_counts(done), done.alarm)


def _counts(done: Collected) -> dict[str, dg.MetadataValue | int | str]:
    table = outcome_table(done)
    return {
        **{what: done.count(what) for what in ("new", "revision", "known", "unchanged", "vanished", "failed")},
        "pages": done.pages,
        "requests": done.requests,
        "cut": done.cut,
        **({"outcomes": dg.MetadataValue.md(markdown(table))} if table.height else {}),
    }


def _result(counts: dict[str, dg.MetadataValue | int | str], alarm: str) -> dg.MaterializeResult[None]:
    check = dg.AssetCheckResult(
        check_name=YIELD, passed=not alarm, severity=dg.AssetCheckSeverity.WARN, metadata={"why": alarm or "as before"}
    )
    return dg.MaterializeResult(metadata=counts, check_results=[check])


@dg.schedule(
    job_name=COLLECT,
    cron_schedule=["0 3 * 1-3,8-10 *", "0 3 1 4-7,11-12 *"],
    execution_timezone="Asia/Shanghai",
    description="Daily while budgets (January to March) and final accounts (August to October) come out, else monthly.",
)
def disclosure_season(context: dg.ScheduleEvaluationContext, home: HomeResource) -> Iterator[dg.RunRequest]:
    """One run for each portal and listing year in which something new may stand."""
    today = context.scheduled_execution_time.date()
    keys = in_season(portals_in(home.home.portals), today)
    context.instance.add_dynamic_partitions(NAME, keys)
    for key in keys:
        yield dg.RunRequest(run_key=f"{key} {today}", partition_key=key)


@dg.sensor(
    job_name=COLLECT,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes PDFs that are put into `inbox/` of the home, and reads them.",
)
def drop_in_folder(context: dg.SensorEvaluationContext, home: HomeResource) -> dg.SensorResult | dg.SkipReason:
    """A run when the folder holds other files than the last time, and none is still being written."""
    new = set(known_partitions(home.home, dt.date.today())) - set(context.instance.get_dynamic_partitions(NAME))
    requests = [listings.build_add_request(sorted(new))] if new else []
    digest = inbox_digest(home.home.inbox)
    if digest is None or digest == context.cursor:
        return dg.SensorResult(skip_reason="Nothing new in the drop-in folder.", dynamic_partitions_requests=requests)
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=digest, partition_key=UNLISTED)],
        cursor=digest,
        dynamic_partitions_requests=requests,
    )


ASSETS: list[dg.AssetSpec | dg.AssetsDefinition] = [portals, listing]
