"""The worker's module for ``python -m dramatiq wealthnexus.jobs.worker``: broker, middleware, one actor.

Importing it needs the servers to be running: Dramatiq's command line takes the broker from here.
"""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import dramatiq
from dramatiq.middleware import (
    AsyncIO,
    CurrentMessage,
    Retries,
    ShutdownNotifications,
)

from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.broker import ACTOR, QUEUE, WORKER_SECONDS, make_broker
from wealthnexus.jobs.middleware import Metrics, Tenant
from wealthnexus.jobs.running import run_one
from wealthnexus.kit import addresses, telemetry
from wealthnexus.kit.collector import spare_what_lasts
from wealthnexus.kit.settings import Settings, load_settings
from wealthnexus.runtime import Platform, build_platform

# Imports copy and check whole books in a few statements.
STATEMENT_TIMEOUT_MS: Final = 600_000
BACK_OFF_MIN_MS: Final = 1_000
BACK_OFF_MAX_MS: Final = 60_000

log = telemetry.logger("worker")


class _Process:
    """The platform of this worker process, built on first use inside its event loop."""

    def __init__(self) -> None:
        self._platform: Platform | None = None
        self._lock = asyncio.Lock()

    async def platform(self) -> Platform:
        async with self._lock:
            if self._platform is None:
                settings = load_settings().model_copy(update={"statement_timeout_ms": STATEMENT_TIMEOUT_MS})
                platform = build_platform(settings)
                await platform.start()
                self._platform = platform
            return self._platform


def _set_up(settings: Settings) -> None:
    telemetry.configure_logging("worker", form=settings.log_format, level=settings.log_level)
    telemetry.configure_tracing("worker")
    kinds = load_handlers()
    log.info("worker knows its jobs", kinds=sorted(kinds))
    dramatiq.set_broker(
        make_broker(
            addresses.resolve(settings).redis_url,
            [
                AsyncIO(),
                CurrentMessage(),
                ShutdownNotifications(notify_shutdown=True),
                Retries(min_backoff=BACK_OFF_MIN_MS, max_backoff=BACK_OFF_MAX_MS),
                Tenant(),
                Metrics(settings.metrics_port),
            ],
            answer_seconds_max=WORKER_SECONDS,
        )
    )
    spare_what_lasts()


_set_up(load_settings())
_process = _Process()


# Dramatiq's own retries have no end here: the job's row counts its attempts, and a database that is
# away for an hour must not use them up.
@dramatiq.actor(actor_name=ACTOR, queue_name=QUEUE, max_retries=None)
async def run_job(tenant_id: str, job_id: str) -> None:
    """Run one job of one firm; all state is in its row."""
    again = await run_one(await _process.platform(), UUID(tenant_id), UUID(job_id))
    if again is not None:
        raise dramatiq.Retry(again.reason, delay=int(again.seconds * 1000))
