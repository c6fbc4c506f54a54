"""SIGKILL of the worker amid a nightly close: it goes on where it stopped, and says nothing twice.

Its minutes are those of `make soak`; what a stage that fails leaves behind is tried in `make test`.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.world import World, running_world

FULL = os.environ.get("WEALTHNEXUS_SOAK") == "1"
pytestmark = [
    pytest.mark.fault,
    pytest.mark.soak,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(not FULL, reason="minutes long: make soak"),
]
STAGES = """select stage, state, attempts, figures, problem from close_stages c
join firms f on f.id = c.tenant_id and f.slug = 'summit'"""
WITHIN_SECONDS = 600


def stages(world: World) -> dict[str, Any]:
    try:
        with world.database() as db:
            return {row[0]: row[1:] for row in db.execute(STAGES).fetchall()}
    except psycopg.Error:
        return {}


def wait_for(world: World, stage: str, state: str) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        found = stages(world).get(stage)
        if found is not None and found[0] in (state, "DONE"):
            return
        time.sleep(0.05)
    raise AssertionError(f"{stage} never came to {state}: {stages(world)}")


def test_a_close_whose_worker_is_killed_goes_on() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="wn-close-", ignore_cleanup_errors=True) as folder,
        running_world(Path(folder) / "world") as world,
    ):
        killed = []
        for stage in ("VALUATIONS", "PERFORMANCE"):  # the demo begins its close as it starts
            wait_for(world, stage, "RUNNING")
            if stages(world)[stage][0] == "RUNNING" and world.kill("worker"):
                killed.append(stage)
        wait_for(world, "FINDINGS", "DONE")
        found = stages(world)
        with world.database() as db:
            twice = db.execute(
                "select count(*), count(distinct (p.subject_id, p.as_of)) from publications p"
                " join firms f on f.id = p.tenant_id and f.slug = 'summit'"
            ).fetchone()
    print(f"\nkilled in {killed}; attempts { ({name: row[1] for name, row in found.items()}) }; {twice}")
    assert killed, "the close was over before anything was killed: nothing was learned"
    assert {row[0] for row in found.values()} == {"DONE"}, found
    assert all(found[stage][1] >= 2 for stage in killed), found
    assert found["PRICES"][1] == 1, "a stage that was done was begun again"
    assert found["FINDINGS"][2]["invariantsBroken"] == 0
    assert twice is not None
    assert twice[0] == twice[1] > 20, "a month was published twice"
