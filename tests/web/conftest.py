"""The application over this worker's platform, and two firms."""

import dataclasses

import pytest
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform
from wealthnexus.web.app import create_app

from tests.identity.conftest import app, firm, other_firm, person
from tests.support.engines import platform

__all__ = ["app", "firm", "other_firm", "person", "platform"]


@pytest.fixture
def developers_app(platform: Platform) -> ASGIApp:
    """The application as it runs on a developer's own machine."""
    settings = platform.settings.model_copy(update={"environment": "development"})
    return create_app(platform=dataclasses.replace(platform, settings=settings))
