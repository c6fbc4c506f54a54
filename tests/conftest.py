"""Fixtures every test may use. Servers start only when a test asks for one."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.embedded import PostgresAddress, RedisAddress
from wealthnexus.kit.environment import forget_client_variables
from wealthnexus.kit.settings import Settings
from xdist.scheduler import LoadScopeScheduling

from tests.support import servers

forget_client_variables()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that change the user are reported as deselected where that is not possible."""
    if os.geteuid() != 0:
        needs_root = [item for item in items if item.get_closest_marker("root")]
        items[:] = [item for item in items if not item.get_closest_marker("root")]
        config.hook.pytest_deselected(items=needs_root)


_GROUP = re.compile(r'xdist_group\("(\w+)"\)')


@cache
def _group_of(path: str) -> str | None:
    """The group that a file of tests names in its marks."""
    named = _GROUP.search((Path(__file__).resolve().parents[1] / path).read_text(encoding="utf-8"))
    return None if named is None else named[1]


class ByGroup(LoadScopeScheduling):
    """What a file marks as a group is run by one worker, so that what it stands on is made once.

    pytest-xdist 3.8 tells groups by names of tests, which pytest 9.2 no longer lets it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid.partition("::")[0]) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup | None:
    return ByGroup(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The main process of the run takes its servers and their data with it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        servers.end_run()


@pytest.fixture(scope="session")
def test_addresses() -> Addresses:
    """This run's servers with this worker's settings."""
    return servers.shared_servers()


@pytest.fixture(scope="session")
def test_settings(test_addresses: Addresses, database_addresses: servers.DatabaseAddresses) -> Settings:
    """Settings under which ``wealthnexus.kit.addresses.resolve`` finds this worker's databases."""
    return test_addresses.settings


@pytest.fixture(scope="session")
def process_environment(test_settings: Settings) -> dict[str, str]:
    """Environment for a child process of ours (web, worker, …) on this worker's databases."""
    return servers.run_environment(test_settings)


@pytest.fixture(scope="session")
def postgres(test_addresses: Addresses) -> PostgresAddress:
    """The run's PostgreSQL."""
    assert test_addresses.postgres is not None
    return test_addresses.postgres


@pytest.fixture(scope="session")
def database_addresses(test_addresses: Addresses) -> Iterator[servers.DatabaseAddresses]:
    """This worker's own migrated database: one URL per role."""
    with servers.database_copy(test_addresses, test_addresses.settings.database_name) as database:
        yield database


_scratch_numbers = itertools.count()


@pytest.fixture
def scratch_database(test_addresses: Addresses) -> Iterator[servers.DatabaseAddresses]:
    """A migrated, empty database for one test that breaks or fills it."""
    name = f"wn_scratch_{servers.worker_number()}_{next(_scratch_numbers)}"
    with servers.database_copy(test_addresses, name) as database:
        yield database


@pytest.fixture
def empty_database(test_addresses: Addresses) -> Iterator[Callable[[], servers.DatabaseAddresses]]:
    """Makes databases that were never migrated; they are dropped after the test."""
    made: list[servers.DatabaseAddresses] = []

    def make() -> servers.DatabaseAddresses:
        assert test_addresses.postgres is not None
        name = f"wn_empty_{servers.worker_number()}_{next(_scratch_numbers)}"
        servers.create_database(test_addresses.postgres, name)
        made.append(servers.database_addresses(test_addresses, name))
        return made[-1]

    yield make
    for database in made:
        servers.drop_database(database.postgres, database.name)


@pytest.fixture(scope="session")
def redis(test_addresses: Addresses) -> Iterator[RedisAddress]:
    """The run's Redis; ``url`` is this worker's own, empty logical database."""
    assert test_addresses.redis is not None
    url = test_addresses.redis_url
    with redis_client.Redis.from_url(url) as client:
        client.flushdb()
    yield RedisAddress(test_addresses.redis.socket_path, url)
    with redis_client.Redis.from_url(url) as client:
        client.flushdb()


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether the long programmes run in full (`make soak`)."""
    return os.environ.get("WEALTHNEXUS_SOAK") == "1"


@pytest.fixture(scope="session")
def redis_url(redis: RedisAddress) -> str:
    return redis.url
