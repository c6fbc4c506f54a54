"""The stages of a close and their order."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """In the order in which they run: each stands on the ones before."""

    PRICES = "PRICES"
    ACTIONS = "ACTIONS"
    VALUATIONS = "VALUATIONS"
    PERFORMANCE = "PERFORMANCE"
    FINDINGS = "FINDINGS"


class StageState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


def still_to_run(states: Mapping[Stage, StageState]) -> list[Stage]:
    """From the first stage that is not done on: what came after stood on it, and runs again."""
    stages = list(Stage)
    first = next((at for at, stage in enumerate(stages) if states.get(stage) is not StageState.DONE), None)
    return [] if first is None else stages[first:]


def state_of_day(states: Mapping[Stage, StageState]) -> StageState:
    """FAILED and RUNNING speak for the day; DONE when every stage is."""
    found = [states.get(stage, StageState.WAITING) for stage in Stage]
    for telling in (StageState.FAILED, StageState.RUNNING):
        if telling in found:
            return telling
    return StageState.DONE if set(found) == {StageState.DONE} else StageState.WAITING
