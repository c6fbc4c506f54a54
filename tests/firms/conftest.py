"""The platform of this test worker."""

from tests.support.engines import platform

__all__ = ["platform"]
