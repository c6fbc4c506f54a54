"""The supervisor with real processes: started again, given up, ended together, never orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from wealthnexus.kit.addresses import Addresses, read_record
from wealthnexus.kit.embedded.processes import is_alive
from wealthnexus.kit.settings import Settings

from tests.support.processes import short_folder, start_python, wait_for

pytestmark = pytest.mark.fault

PROGRAMME = Path(__file__).with_name("supervised.py")
SLEEPS = "import time; time.sleep(300)"


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


def supervise(folder: Path, brief: str, servers: str = "no") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAMME), str(folder), brief, servers],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def pids_of_steady(folder: Path) -> list[int]:
    file = folder / "steady.pids"
    wait_for(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(pid) for pid in file.read_text().split()]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wish_to_stop_ends_every_process(folder: Path, stop: signal.Signals) -> None:
    with supervise(folder, SLEEPS) as process:
        assert next_line(process) == "ready"
        pids = pids_of_steady(folder)
        assert all(map(is_alive, pids))
        process.send_signal(stop)
        assert process.communicate(timeout=10)[0].splitlines() == ["Stopping …", "stopped"]
    assert process.returncode == 0
    wait_for(lambda: not any(map(is_alive, pids)))


def test_a_process_that_ends_is_started_again(folder: Path) -> None:
    brief = f"import os, time; open('{folder}/brief.pid', 'w').write(str(os.getpid())); time.sleep(300)"
    with supervise(folder, brief) as process:
        assert next_line(process) == "ready"
        file = folder / "brief.pid"
        wait_for(lambda: file.exists() and file.read_text() != "")
        first = int(file.read_text())
        os.kill(first, signal.SIGKILL)
        assert next_line(process) == (
            "The brief process ended (killed by SIGKILL); starting it again in 0.05 s."
        )
        wait_for(lambda: file.read_text() not in ("", str(first)))
        assert is_alive(int(file.read_text()))
        process.terminate()
        process.communicate(timeout=10)


def test_what_a_dead_process_left_behind_goes_too(folder: Path) -> None:
    with supervise(folder, SLEEPS) as process:
        assert next_line(process) == "ready"
        parent, left_behind = pids_of_steady(folder)
        os.kill(parent, signal.SIGKILL)
        assert next_line(process).startswith("The steady process ended (killed by SIGKILL)")
        wait_for(lambda: not is_alive(left_behind))
        process.terminate()
        process.communicate(timeout=10)


def test_a_process_that_keeps_dying_stops_everything(folder: Path) -> None:
    with supervise(folder, "print('no such table: firms'); raise SystemExit(4)") as process:
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    lines = [line for line in output.splitlines() if line != "ready"]
    assert lines[:2] == [
        "The brief process ended (exit status 4); starting it again in 0.05 s.",
        "The brief process ended (exit status 4); starting it again in 0.1 s.",
    ]
    assert lines[6] == (
        "Error: The brief process ended 7 times within 90 s (last: exit status 4); "
        f"everything is being stopped. Its last words, from {folder}/brief.log:"
    )
    assert lines[7] == "  no such table: firms"
    assert lines[-1] == "stopped"
    assert not any(map(is_alive, pids_of_steady(folder)))


def test_kill_9_of_the_supervisor_leaves_no_orphan(folder: Path) -> None:
    with supervise(folder, SLEEPS, "servers") as process:
        assert next_line(process) == "ready"
        settings = Settings(data_dir=folder / "data")
        pids = _server_pids(settings)
        steady, without_a_lifeline = pids_of_steady(folder)
        assert len(pids) == 2
        process.kill()
        process.communicate(timeout=10)
    wait_for(lambda: not any(is_alive(pid) for pid in [*pids, steady]))
    # A process two levels down ends through its own lifeline, as the job processes do; this one has none.
    os.kill(without_a_lifeline, signal.SIGKILL)


def test_a_lifeline_ends_a_job_process_with_its_master(folder: Path) -> None:
    """As Dramatiq starts its job processes: forked, with the lifeline imported as the last module."""
    master = (
        "import multiprocessing, sys, time\n"
        "def work():\n"
        "    import os, wealthnexus.cli.supervisor.lifeline\n"
        "    open(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "    time.sleep(300)\n"
        "multiprocessing.get_context('fork').Process(target=work).start()\n"
        "time.sleep(300)\n"
    )
    file = folder / "job.pid"
    with start_python(master, str(file)) as process:
        wait_for(lambda: file.exists() and file.read_text() != "")
        job = int(file.read_text())
        assert is_alive(job)
        process.kill()
        wait_for(lambda: not is_alive(job))


def test_a_deaf_process_is_killed_after_its_patience(folder: Path) -> None:
    deaf = f"import signal; signal.signal(15, signal.SIG_IGN); open('{folder}/deaf', 'w').close(); {SLEEPS}"
    with supervise(folder, deaf) as process:
        wait_for((folder / "deaf").exists)
        assert next_line(process) == "ready"
        process.terminate()
        assert process.communicate(timeout=10)[0].splitlines() == [
            "Stopping …",
            "The brief process did not end in time and was killed.",
            "stopped",
        ]
    assert process.returncode == 0


def test_killed_servers_are_started_again_with_their_data(folder: Path) -> None:
    settings = Settings(data_dir=folder / "data")
    with supervise(folder, SLEEPS, "servers") as process:
        assert next_line(process) == "ready"
        record = read_record(settings)
        assert record is not None
        url = Addresses(settings, record.addresses(settings).postgres, None).sync_database_url_for("owner")
        plain = url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(plain) as connection:
            connection.execute("create table kept as select 7 as figure")
        connection.close()
        for pid, name in zip(_server_pids(settings), ("PostgreSQL", "Redis"), strict=True):
            os.kill(pid, signal.SIGKILL)
            sentence = f"{name} had died and was started again; what was committed is there."
            assert next_line(process) == sentence
        with psycopg.connect(plain) as connection:
            assert connection.execute("select figure from kept").fetchone() == (7,)
        connection.close()
        process.terminate()
        assert process.communicate(timeout=20)[0].splitlines() == ["Stopping …", "stopped"]
    assert read_record(settings) is None


def _server_pids(settings: Settings) -> list[int]:
    postgres = (settings.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]
    redis = (settings.data_dir / "redis" / "redis.pid").read_text()
    return [int(postgres), int(redis)]
