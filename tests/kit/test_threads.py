"""Long arithmetic runs beside the event loop, two pieces at once."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from wealthnexus.kit.threads import AT_ONCE, beside_the_loop


async def test_the_loop_goes_on_and_few_run_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work() -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return threading.current_thread().name

    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    beside = asyncio.create_task(others())
    names = await asyncio.gather(*(beside_the_loop(work) for _ in range(6)))
    beside.cancel()
    assert most == AT_ONCE
    assert turns >= 3
    assert threading.current_thread().name not in names


async def test_what_fails_fails_for_who_asked() -> None:
    def work() -> None:
        raise ValueError("no such day")

    with pytest.raises(ValueError, match="no such day"):
        await beside_the_loop(work)
