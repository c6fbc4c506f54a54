"""A server that is killed while it recovers is started again, but not for ever."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from wealthnexus.kit.embedded import EmbeddedPostgres, EmbeddedServerError
from wealthnexus.kit.servers import REVIVAL_ATTEMPTS_MAX, LocalServers
from wealthnexus.kit.settings import Settings

from tests.support.processes import short_folder, wait_for

pytestmark = pytest.mark.fault


@pytest.fixture
def servers() -> Iterator[LocalServers]:
    with short_folder() as folder:
        made = LocalServers(Settings(data_dir=folder / "data", redis_url="redis://127.0.0.1:1/0"))
        made.start()
        yield made
        made.stop()


@pytest.fixture
def deadly_starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first item says how many starts from now on end by SIGKILL before the server is ready."""
    left = [0]
    wait = EmbeddedPostgres._wait_until_ready

    def killed(self: EmbeddedPostgres, child: subprocess.Popen[bytes], log_size: int) -> None:
        if left[0]:
            left[0] -= 1
            child.kill()
            child.wait()
        wait(self, child, log_size)

    monkeypatch.setattr(EmbeddedPostgres, "_wait_until_ready", killed)
    return left


def kill(servers: LocalServers) -> None:
    pid = servers.pids()["PostgreSQL"]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: "PostgreSQL" not in servers.pids())


def test_a_server_killed_while_it_recovers_is_tried_again(
    servers: LocalServers, deadly_starts: list[int]
) -> None:
    postgres = servers._postgres
    assert postgres is not None
    address = postgres.start()
    with psycopg.connect(
        host=str(address.socket_dir), port=address.port, user=address.superuser, dbname="postgres"
    ) as connection:
        connection.execute("create table kept as select 7 as seven")
    kill(servers)
    deadly_starts[0] = REVIVAL_ATTEMPTS_MAX - 1
    for _ in range(REVIVAL_ATTEMPTS_MAX - 1):
        (sentence,) = servers.revive()
        assert sentence.startswith("PostgreSQL had died and could not be started yet (PostgreSQL did not")
    assert servers.revive() == ["PostgreSQL had died and was started again; what was committed is there."]
    assert servers.revive() == []
    with psycopg.connect(
        host=str(address.socket_dir), port=address.port, user=address.superuser, dbname="postgres"
    ) as connection:
        assert connection.execute("select seven from kept").fetchone() == (7,)
    kill(servers)
    deadly_starts[0] = REVIVAL_ATTEMPTS_MAX - 1  # counted anew after a success
    for _ in range(REVIVAL_ATTEMPTS_MAX):
        servers.revive()
    assert "PostgreSQL" in servers.pids()


def test_a_server_that_never_starts_is_given_up(servers: LocalServers, deadly_starts: list[int]) -> None:
    kill(servers)
    deadly_starts[0] = REVIVAL_ATTEMPTS_MAX
    for _ in range(REVIVAL_ATTEMPTS_MAX - 1):
        servers.revive()
    with pytest.raises(EmbeddedServerError, match="PostgreSQL did not start"):
        servers.revive()
