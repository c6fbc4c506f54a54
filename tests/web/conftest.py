"""The application over this worker's platform, and two firms."""

from tests.identity.conftest import app, firm, other_firm, person
from tests.support.engines import platform

__all__ = ["app", "firm", "other_firm", "person", "platform"]
