"""The collector of cyclic garbage, set for processes that make many short-lived objects at a time."""

from __future__ import annotations

import gc


def spare_what_lasts() -> None:
    """Called once, when everything a process keeps is loaded.

    An answer or a household's figures are a hundred thousand short-lived objects: with the defaults the
    collector would walk the whole process's long-lived ones again and again while they are made.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
