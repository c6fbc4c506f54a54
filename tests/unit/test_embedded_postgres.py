"""The clone's own PostgreSQL: really started, killed, refused."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from wealthnexus.kit.embedded import (
    EmbeddedPostgres,
    EmbeddedServerError,
    FolderInUseError,
    bootstrap,
    create_database,
    drop_database,
    folders,
)
from wealthnexus.kit.embedded.bootstrap import connect
from wealthnexus.kit.embedded.processes import is_alive

from tests.support.processes import needs_root, short_folder, start_python, wait_for

QUICK = {"fsync": "off"}


SHOWN = ("max_connections", "server_version", "data_checksums", "listen_addresses", "timezone")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "postgres"


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, settings=QUICK)
    yield server
    server.stop()


def test_starts_with_the_promised_settings_and_stops(server: EmbeddedPostgres) -> None:
    address = server.start()
    bootstrap(address)
    with connect(address, "wn_boot", "wealthnexus") as connection:
        shown = {
            name: connection.execute(f"show {name}").fetchone()[0]  # type: ignore[index]
            for name in SHOWN
        }
        locale = connection.execute(
            "select datlocprovider, datlocale, pg_encoding_to_char(encoding), datdba::regrole::text"
            " from pg_database where datname = 'wealthnexus'"
        ).fetchone()
    assert shown["max_connections"] == "120"
    assert shown["server_version"].startswith("18")
    assert shown["data_checksums"] == "on"
    assert shown["listen_addresses"] == ""
    assert shown["timezone"] == "UTC"
    assert locale == ("b", "C.UTF-8", "UTF8", "wn_owner")
    assert server.is_running()
    server.stop()
    assert not server.is_running()
    assert not address.socket_dir.exists()
    with pytest.raises(psycopg.OperationalError):
        connect(address, "wn_boot", "wealthnexus")


def test_starting_again_keeps_the_data(server: EmbeddedPostgres, data_dir: Path) -> None:
    with connect(server.start(), "wn_boot", "postgres") as connection:
        connection.execute("create table kept as select 42 as figure")
    server.stop()
    address = server.start()
    assert server.start() == address  # a second call changes nothing
    with connect(address, "wn_boot", "postgres") as connection:
        assert connection.execute("select figure from kept").fetchone() == (42,)
    assert server.recovered_from is None


def test_kill_9_of_the_server_loses_nothing_committed(server: EmbeddedPostgres) -> None:
    address = server.start()
    with connect(address, "wn_boot", "postgres") as connection:
        connection.execute("create table kept as select g as figure from generate_series(1, 1000) g")
        connection.execute("begin")
        connection.execute("insert into kept values (1001)")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not server.is_running())
        assert (server.data_dir / "postmaster.pid").exists()  # the stale file a crash leaves
        connection.close()
    server.stop()
    with connect(server.start(), "wn_boot", "postgres") as connection:
        assert connection.execute("select count(*), max(figure) from kept").fetchone() == (1000, 1000)


def test_kill_9_of_the_owner_takes_the_server_along(data_dir: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from wealthnexus.kit.embedded import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1]), settings={'fsync': 'off'})\n"
        "server.start(); print(server.pid(), flush=True); time.sleep(60)\n"
    )
    with start_python(code, str(data_dir)) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert is_alive(pid)
        owner.kill()
        wait_for(lambda: not is_alive(pid))
    successor = EmbeddedPostgres(data_dir, settings=QUICK)
    successor.start()
    assert successor.recovered_from == owner.pid
    successor.stop()


def test_a_server_without_parent_death_signal_is_guarded(data_dir: Path) -> None:
    """The way of systems whose kernel has no such signal: a guard watches the process."""
    with start_python("import time; time.sleep(60)") as watched:
        server = EmbeddedPostgres(data_dir, settings=QUICK, lifetime_of=watched.pid)
        server.start()
        pid = server.pid()
        assert pid is not None
        watched.kill()
        wait_for(lambda: not is_alive(pid))
    server.stop()


def test_a_second_one_on_the_same_folder_is_refused(server: EmbeddedPostgres, data_dir: Path) -> None:
    server.start()
    with pytest.raises(FolderInUseError) as refused:
        EmbeddedPostgres(data_dir).start()
    assert str(refused.value) == (
        f"The database folder {data_dir} is in use by process {os.getpid()}; "
        "stop it, or set WEALTHNEXUS_DATA_DIR to another folder."
    )
    assert server.is_running()


def test_two_folders_side_by_side(server: EmbeddedPostgres, data_dir: Path) -> None:
    other = EmbeddedPostgres(data_dir.with_name("other"), settings=QUICK)
    try:
        first, second = server.start(), other.start()
        assert first.socket_dir != second.socket_dir
        with connect(first, "wn_boot", "postgres") as connection:
            connection.execute("create table only_here ()")
        with connect(second, "wn_boot", "postgres") as connection:
            assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)
    finally:
        other.stop()


def test_a_data_folder_with_a_very_long_path(data_dir: Path) -> None:
    long = data_dir.parent / ("d" * 120) / ("e" * 120) / "postgres"
    server = EmbeddedPostgres(long, settings=QUICK)
    try:
        address = server.start()
        assert len(os.fsencode(address.socket_dir)) <= 60
        with connect(address, "wn_boot", "postgres") as connection:
            assert connection.execute("show data_directory").fetchone() == (str(long),)
    finally:
        server.stop()


def test_a_long_temp_folder_is_not_used_for_sockets(
    server: EmbeddedPostgres, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = data_dir.parent / ("t" * 100)
    long.mkdir()
    monkeypatch.setattr(folders.tempfile, "tempdir", str(long))
    assert str(server.start().socket_dir).startswith("/tmp/wn-")


def test_a_strangers_socket_folder_is_never_used(data_dir: Path) -> None:
    expected = folders.socket_root(data_dir)
    expected.rmdir()
    expected.symlink_to(data_dir.parent)
    try:
        other = folders.socket_root(data_dir)
        assert other != expected
        assert other.stat().st_uid == os.geteuid()
        other.rmdir()
    finally:
        expected.unlink()


def test_a_pid_file_that_names_somebody_else_is_stale(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    lines = f"{os.getpid()}\n{server.data_dir}\n1\n5432\n/nowhere\n\n1 1\nready   \n"
    (server.data_dir / "postmaster.pid").write_text(lines)
    assert not server.is_running()
    with connect(server.start(), "wn_boot", "postgres") as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_half_made_folder_is_made_again(server: EmbeddedPostgres, data_dir: Path) -> None:
    half = data_dir.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    assert not half.exists()


def test_another_versions_folder_is_left_alone(server: EmbeddedPostgres, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerError) as refused:
        server.start()
    assert str(refused.value) == (
        f"The database folder {data_dir} was made by PostgreSQL 16 and this is PostgreSQL 18; "
        "export it with that version, or start over with `make demo RESET=1`."
    )
    assert [path.name for path in data_dir.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_other_files_is_left_alone(server: EmbeddedPostgres, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "letters.txt").write_text("dear")
    with pytest.raises(EmbeddedServerError, match="holds files that are not a database, nothing was written"):
        server.start()
    assert [path.name for path in data_dir.iterdir()] == ["letters.txt"]


def test_a_missing_programme_says_what_to_do(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("wealthnexus.kit.embedded.postgres.package_folder", lambda *_parts: tmp_path)
    with pytest.raises(EmbeddedServerError) as refused:
        server.start()
    assert str(refused.value) == (
        f"The programme {tmp_path}/postgres is missing or may not be run; run `make setup` again."
    )


def test_a_damaged_database_names_its_log(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.data_dir / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServerError) as refused:
        server.start()
    assert str(refused.value).startswith("PostgreSQL did not start: ")
    assert str(refused.value).endswith(f"its whole log is {server.log}.")
    assert not server.is_running()


@needs_root
def test_root_runs_it_as_nobody(server: EmbeddedPostgres) -> None:
    server.start()
    pid = server.pid()
    status = Path(f"/proc/{pid}/status").read_text()
    assert "\nUid:\t65534\t65534\t65534\t65534\n" in status
    assert "\nCapEff:\t0000000000000000\n" in status
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700


@needs_root
def test_root_in_a_folder_closed_to_others(data_dir: Path) -> None:
    """As below /root: the server gets exactly the one capability it needs to pass."""
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "postgres", settings=QUICK)
    try:
        server.start()
        status = Path(f"/proc/{server.pid()}/status").read_text()
        assert "\nUid:\t65534\t" in status
        assert "\nCapEff:\t0000000000000004\n" in status  # CAP_DAC_READ_SEARCH
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        server.stop()


ORDINARY_USER = (
    "import sys; from pathlib import Path\n"
    "from wealthnexus.kit.embedded import EmbeddedPostgres, EmbeddedRedis, EmbeddedServerError, bootstrap\n"
    "from wealthnexus.kit.embedded.bootstrap import connect\n"
    "server = EmbeddedPostgres(Path(sys.argv[1]) / 'postgres', settings={'fsync': 'off'})\n"
    "redis = EmbeddedRedis(Path(sys.argv[1]) / 'redis')\n"
    "try:\n"
    "    address = server.start(); bootstrap(address); redis.start()\n"
    "except EmbeddedServerError as error:\n"
    "    print(error); sys.exit(3)\n"
    "with connect(address, 'wn_app', 'wealthnexus') as connection:\n"
    "    print(connection.execute('select current_user').fetchone()[0])\n"
    "server.stop(); redis.stop()\n"
)


@needs_root
def test_an_ordinary_user_needs_no_root() -> None:
    with short_folder() as folder:
        os.chown(folder, 65534, 65534)
        done = _as_nobody(ORDINARY_USER, str(folder))
        assert (done.returncode, done.stdout, done.stderr) == (0, "wn_app\n", "")


@needs_root
def test_an_ordinary_user_on_roots_folder_is_told() -> None:
    with short_folder() as folder:
        done = _as_nobody(ORDINARY_USER, str(folder))
        assert done.returncode == 3, done.stderr
        assert done.stdout == (
            f"Could not open the lock file {folder}/postgres.lock: Permission denied; give this user "
            "the folder (chown), or set WEALTHNEXUS_DATA_DIR to a folder it may write.\n"
        )


def _as_nobody(code: str, folder: str) -> subprocess.CompletedProcess[str]:
    """As another user; the capability to read lets it use an environment below root's home folder."""
    capability = "+dac_read_search"
    return subprocess.run(
        [
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            f"--inh-caps={capability}",
            f"--ambient-caps={capability}",
            sys.executable,
            "-c",
            code,
            folder,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=60,
    )


@needs_root
def test_another_user_of_the_machine_is_kept_out(server: EmbeddedPostgres) -> None:
    address = server.start()
    address.socket_dir.parent.chmod(0o755)
    address.socket_dir.chmod(0o755)  # even with the folder open, peer authentication refuses
    code = (
        "import psycopg, sys\n"
        "try: psycopg.connect(host=sys.argv[1], user='wn_boot', dbname='postgres')\n"
        "except psycopg.OperationalError as error: print(error)\n"
    )
    done = _as_nobody(code, str(address.socket_dir))
    assert 'Peer authentication failed for user "wn_boot"' in done.stdout, done.stderr


def test_databases_for_tests_are_copies_and_go_away(server: EmbeddedPostgres) -> None:
    address = server.start()
    bootstrap(address)
    with connect(address, "wn_owner", "wealthnexus") as connection:
        connection.execute("create table seeds as select 7 as figure")
    create_database(address, "copy", template="wealthnexus")
    with connect(address, "wn_owner", "copy") as connection:
        assert connection.execute("select figure from seeds").fetchone() == (7,)
        drop_database(address, "copy")  # even while somebody is connected
    with pytest.raises(psycopg.OperationalError, match='database "copy" does not exist'):
        connect(address, "wn_owner", "copy")
    drop_database(address, "copy")
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        create_database(address, "wealthnexus")
    create_database(address, "wealthnexus", exist_ok=True)


def test_tcp_needs_a_password(data_dir: Path) -> None:
    from wealthnexus.kit.embedded import listen

    with listen("127.0.0.1", None, first=15400) as probe:
        port = probe.getsockname()[1]
    server = EmbeddedPostgres(data_dir, settings=QUICK, tcp_port=port)
    try:
        with connect(server.start(), "wn_boot", "postgres") as connection:
            connection.execute("create role visitor login password 'secret'")
        psycopg.connect(f"postgresql://visitor:secret@127.0.0.1:{port}/postgres").close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://visitor:wrong@127.0.0.1:{port}/postgres")
    finally:
        server.stop()
