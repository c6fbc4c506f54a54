"""Log lines carry their request, never a secret; metrics have one place; spans cost nothing until wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from wealthnexus.kit import telemetry

SCRIPT = """
import logging
from wealthnexus.kit import telemetry
telemetry.configure_logging("test", form="{form}", level="info")
log = telemetry.logger("part")
with telemetry.log_context(request_id="req-1", firm="summit", nothing=None):
    log.info("signed in", user_id="u1", access_token="abc", count=3)
    logging.getLogger("some.library").warning("slow %s", "query", extra={{"table": "accounts"}})
    log.debug("not at this level")
try:
    raise ValueError("broken")
except ValueError:
    log.exception("it failed")
log.info("x" * 20_000)
import threading
thread = threading.Thread(target=lambda: log.info("from a thread"))
thread.start()
thread.join()
"""


def lines(form: str) -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(form=form)],
        capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return finished.stderr.splitlines()


def test_json_lines_carry_request_and_firm_and_hide_secrets() -> None:
    first, second, third, fourth, threaded = map(json.loads, lines("json"))
    assert {name: first[name] for name in ("event", "request_id", "firm", "process", "count", "level")} == {
        "event": "signed in", "request_id": "req-1", "firm": "summit", "process": "test", "count": 3,
        "level": "info",
    }  # fmt: skip
    assert first["logger"] == "wealthnexus.part"
    assert first["access_token"] == "[hidden]"
    assert "nothing" not in first
    assert (second["event"], second["firm"], second["table"]) == ("slow query", "summit", "accounts")
    assert "ValueError: broken" in third["exception"]
    assert "firm" not in third
    assert len(fourth["event"]) == 8_001
    assert (threaded["event"], threaded["process"]) == ("from a thread", "test")


def test_console_lines_are_readable() -> None:
    text = "\n".join(lines("console"))
    assert "signed in" in text
    assert "firm=summit" in text
    assert "abc" not in text


def test_metrics_have_one_page() -> None:
    telemetry.PUBLISHED.labels("event").inc(0)
    with telemetry.timed(telemetry.JOB_SECONDS.labels("test.kind")):
        pass
    page = telemetry.metrics_page().decode()
    assert 'wealthnexus_outbox_published_total{topic="event"}' in page
    assert 'wealthnexus_job_seconds_count{kind="test.kind"}' in page


def test_spans_are_exported_where_an_exporter_is_given() -> None:
    script = """
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry import trace
from wealthnexus.kit import telemetry
exporter = InMemorySpanExporter()
with telemetry.operation_span("before"):
    pass
telemetry.configure_tracing("test", exporter)
with telemetry.operation_span("job", kind="feeds.import_bundle"):
    pass
trace.get_tracer_provider().force_flush()
print([(span.name, dict(span.attributes)) for span in exporter.get_finished_spans()])
"""
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[('job', {'kind': 'feeds.import_bundle'})]"
