"""What the worker process does around every message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dramatiq.middleware import Middleware, SkipMessage

from wealthnexus.kit import telemetry

log = telemetry.logger("worker")


class Tenant(Middleware):
    """A message that does not say whose it is, is never run: it goes to the dead letters."""

    def before_process_message(self, _broker: Any, message: Any) -> None:
        try:
            tenant_id, _job_id = (UUID(str(value)) for value in message.args)
        except ValueError:
            log.error("message without a firm refused", message_id=message.message_id)
            message.fail()
            raise SkipMessage("a job message names its firm and its job") from None
        log.debug("message", tenant_id=str(tenant_id), message_id=message.message_id)


class Metrics(Middleware):
    """The first worker process on this machine serves its metrics."""

    def __init__(self, base_port: int | None) -> None:
        self._port = base_port and base_port + 2

    def after_worker_boot(self, _broker: Any, _worker: Any) -> None:
        telemetry.serve_metrics(self._port)
