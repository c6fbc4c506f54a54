"""What a process tells those who run it: structured logs, metrics, spans.

Every log line of a request carries ``request_id`` and ``firm``; of a job ``job_id`` and ``firm``. A value
whose name says that it is secret never reaches a log. Metrics live in ``REGISTRY`` (one per process).
Spans are opened per operation and per SQL statement, never per field.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import os
import sys
import time
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, Final, Literal

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server

REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_SECRET_WORDS: Final = ("password", "token", "secret", "authorization", "cookie", "challenge", "code_hash")
_HIDDEN: Final = "[hidden]"
_EVENT_CHARACTERS_MAX: Final = 8_000


def _counter(name: str, help_: str, *labels: str) -> Counter:
    return Counter(f"wealthnexus_{name}", help_, labels, registry=REGISTRY)


def _gauge(name: str, help_: str, *labels: str) -> Gauge:
    return Gauge(f"wealthnexus_{name}", help_, labels, registry=REGISTRY)


def _histogram(name: str, help_: str, *labels: str) -> Histogram:
    return Histogram(f"wealthnexus_{name}", help_, labels, registry=REGISTRY, buckets=_SECONDS)


HTTP_REQUESTS = _counter("http_requests", "HTTP requests answered.", "route", "method", "status")
HTTP_SECONDS = _histogram("http_request_seconds", "Time to answer an HTTP request.", "route")
OPERATIONS = _counter("operations", "API operations, by name and outcome.", "operation", "outcome")
OPERATION_SECONDS = _histogram("operation_seconds", "Time to answer an API operation.", "operation")
SIGN_INS = _counter("sign_ins", "Attempts to sign in, by outcome.", "outcome")
RATE_LIMITED = _counter("rate_limited", "Requests refused by a rate limit.", "limit")
SUBSCRIBERS = _gauge("subscribers", "Live subscriptions in this process.")
RESYNCS = _counter("subscriber_resyncs", "Subscribers told to read again, by reason.", "reason")
OUTBOX_WAITING = _gauge("outbox_waiting", "Outbox rows not published yet, all firms.")
OUTBOX_OLDEST_SECONDS = _gauge("outbox_oldest_seconds", "Age of the oldest unpublished outbox row.")
PUBLISHED = _counter("outbox_published", "Outbox rows published.", "topic")
RELAY_FAILURES = _counter("relay_failures", "Times the relay could not go on, by server.", "server")
JOBS = _counter("jobs", "Attempts at background jobs, by outcome.", "kind", "outcome")
JOB_SECONDS = _histogram("job_seconds", "Time of one attempt at a job.", "kind")
JOBS_REQUEUED = _counter("jobs_requeued", "Jobs put back after losing worker or message.", "reason")
AUDIT_SEALED = _counter("audit_sealed", "Audit events linked into chains.")
AUDIT_UNSEALED = _gauge("audit_unsealed", "Audit events waiting for the seal, all firms.")
AUDIT_OLDEST_SECONDS = _gauge("audit_oldest_unsealed_seconds", "Age of the oldest unsealed audit event.")
CHAIN_BROKEN = _gauge("audit_chain_broken", "1 where the chain failed its last verification.", "firm")
SCHEDULED = _counter("scheduled_runs", "Scheduled tasks run, by outcome.", "task", "outcome")
IS_LEADER = _gauge("scheduler_is_leader", "1 while this scheduler holds the lease.")


def metrics_page() -> bytes:
    """The metrics in Prometheus' text form (``CONTENT_TYPE``)."""
    return generate_latest(REGISTRY)


def serve_metrics(port: int | None) -> None:
    """For processes without a web server: metrics on 127.0.0.1, if a port is set and free."""
    if port is None:
        return
    try:
        start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
    except OSError as error:
        logger("telemetry").warning("metrics not served", port=port, reason=str(error))


# -- logs --------------------------------------------------------------------------------------------


def configure_logging(
    process: str, *, form: Literal["console", "json"] = "json", level: str = "info"
) -> None:
    """Once per process: everything logged, by us or a library, becomes one line on standard error."""

    # Not a context variable: threads of libraries do not inherit those.
    def of_this_process(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Any:
        return {"process": process, "pid": os.getpid(), **event}

    shared: list[Any] = [
        of_this_process,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        _shortened,
        hide_secrets,
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    tail: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "dramatiq"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Events are short lower-case phrases, facts are keywords: ``log.info("published", rows=3)``."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"wealthnexus.{name}")
    return bound


@contextlib.contextmanager
def log_context(**facts: Any) -> Iterator[None]:
    """Every line logged inside carries ``facts`` (``request_id``, ``firm``, ``job_id`` …)."""
    with structlog.contextvars.bound_contextvars(
        **{name: str(value) for name, value in facts.items() if value is not None}
    ):
        yield


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Values whose name says that they are secret, whoever put them there."""
    for name in event:
        if any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = _HIDDEN
    return event


def _with_trace(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
    return event


def _shortened(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    text = event.get("event")
    if isinstance(text, str) and len(text) > _EVENT_CHARACTERS_MAX:
        event["event"] = text[:_EVENT_CHARACTERS_MAX] + "…"
    return event


# -- spans -------------------------------------------------------------------------------------------

_tracer = trace.get_tracer("wealthnexus")


class LogSpans(SpanExporter):
    """Finished spans as log lines: name, milliseconds, trace and parent."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        log = logger("span")
        for span in spans:
            context = span.get_span_context()
            log.info(
                span.name,
                milliseconds=round(((span.end_time or 0) - (span.start_time or 0)) / 1e6, 3),
                span_trace=f"{context.trace_id:032x}" if context else None,
                parent=f"{span.parent.span_id:016x}" if span.parent else None,
                **{f"attribute_{name}": value for name, value in (span.attributes or {}).items()},
            )
        return SpanExportResult.SUCCESS


def configure_tracing(process: str, exporter: SpanExporter | None = None) -> None:
    """Spans go to ``exporter`` (``LogSpans()`` writes them to the log), else to
    OTEL_EXPORTER_OTLP_ENDPOINT where its exporter is installed.

    Without either nothing is recorded and a span costs next to nothing.
    """
    exporter = exporter or _otlp_exporter()
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": f"wealthnexus-{process}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def _otlp_exporter() -> SpanExporter | None:
    module = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    with contextlib.suppress(ModuleNotFoundError):
        if importlib.util.find_spec(module):
            exporter: SpanExporter = importlib.import_module(module).OTLPSpanExporter()
            return exporter
    logger("telemetry").warning("spans are not exported", reason=f"{module} is not installed")
    return None


@contextlib.contextmanager
def operation_span(name: str, **attributes: str | int | bool) -> Iterator[trace.Span]:
    """One span around an operation, a job, a scheduled task."""
    with _tracer.start_as_current_span(name, attributes=attributes) as span:
        yield span


@contextlib.contextmanager
def timed(histogram: Histogram) -> Iterator[None]:
    """Observe the seconds the block takes, however it ends."""
    started = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - started)
