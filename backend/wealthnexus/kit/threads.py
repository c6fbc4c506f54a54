"""Long arithmetic beside the event loop: a few threads of a process, so that it never takes all of it."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

AT_ONCE: Final = 2
_POOL: Final = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="arithmetic")


async def beside_the_loop(work: Callable[[], T]) -> T:
    """What ``work`` returns or raises. At most two run at once in a process, the others wait their turn while
    the loop goes on; ``work`` must neither await nor ask for the same again."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_POOL, lambda: context.run(work))
