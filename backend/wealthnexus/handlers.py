"""Loads every room's background functions (``domain/<room>/tasks.py``), so that the worker knows them."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import wealthnexus.domain
from wealthnexus.kit.jobs import known_kinds


def load_handlers() -> frozenset[str]:
    """Import the rooms' ``tasks`` modules; returns the kinds of jobs that can be run."""
    for room in pkgutil.iter_modules(wealthnexus.domain.__path__):
        name = f"wealthnexus.domain.{room.name}.tasks"
        if room.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    return known_kinds()
