"""The clone's own Redis: really started, killed, refused."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from wealthnexus.kit.embedded import EmbeddedRedis, EmbeddedServerError, FolderInUseError, RedisAddress

from tests.support.processes import short_folder, start_python, wait_for


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "redis"


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(data_dir)
    yield server
    server.stop()


def test_starts_on_a_socket_only_and_stops(server: EmbeddedRedis) -> None:
    address = server.start()
    with redis.Redis.from_url(address.url) as client:
        settings = client.config_get("*")
    assert settings["port"] == "0"
    assert settings["appendonly"] == "yes"
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["databases"] == "64"
    assert oct(address.socket_path.stat().st_mode & 0o777) == "0o700"
    server.stop()
    assert not server.is_running()
    assert not address.socket_path.parent.exists()


def test_kill_9_keeps_what_was_written(server: EmbeddedRedis) -> None:
    with redis.Redis.from_url(server.start().url) as client:
        client.xadd("stream", {"n": "1"})
        client.execute_command("CONFIG", "SET", "appendfsync", "always")
        client.set("key", "value")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not server.is_running())
    server.stop()
    with redis.Redis.from_url(server.start().url) as client:
        assert client.get("key") == b"value"
        assert client.xlen("stream") == 1


def test_it_ends_with_its_owner(data_dir: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from wealthnexus.kit.embedded import EmbeddedRedis\n"
        "server = EmbeddedRedis(Path(sys.argv[1])); server.start(); print('up', flush=True); time.sleep(60)\n"
    )
    server = EmbeddedRedis(data_dir)
    with start_python(code, str(data_dir)) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "up\n"
        assert server.is_running()
        owner.kill()
        wait_for(lambda: not server.is_running())


def test_a_second_one_on_the_same_folder_is_refused(server: EmbeddedRedis, data_dir: Path) -> None:
    server.start()
    with pytest.raises(FolderInUseError, match=f"The Redis folder {data_dir} is in use by process"):
        EmbeddedRedis(data_dir).start()


def test_a_damaged_file_says_what_to_do(server: EmbeddedRedis, data_dir: Path) -> None:
    with redis.Redis.from_url(server.start().url) as client:
        client.set("key", "value" * 100)
        client.set("other", "value")
    server.stop()
    file = data_dir / "appendonly.aof"
    file.write_bytes(b"?" + file.read_bytes()[1:])
    with pytest.raises(EmbeddedServerError) as refused:
        server.start()
    assert str(refused.value) == (
        f"Redis did not start: its file in {data_dir} is damaged; delete that folder (everything in "
        "it is rebuilt from the database) and start again."
    )


def test_logical_databases_have_a_limit() -> None:
    address = RedisAddress(Path("/tmp/wn-x/redis.sock"), "unix:///tmp/wn-x/redis.sock?db=0")
    assert address.database_url(63) == "unix:///tmp/wn-x/redis.sock?db=63"
    with pytest.raises(ValueError, match="Redis database 64 is outside 0 to 63"):
        address.database_url(64)
