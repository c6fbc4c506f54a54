"""The command line as a person meets it: help with examples, one sentence per error, exit status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner
from wealthnexus.cli.main import app, as_paragraphs
from wealthnexus.kit.servers import LocalServers
from wealthnexus.kit.settings import Settings

from tests.support.processes import short_folder, wait_for

pytestmark = pytest.mark.database


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "data"


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEALTHNEXUS_")}
    return {**kept, "WEALTHNEXUS_DATA_DIR": str(data_dir), "NO_COLOR": "1", **more}


def wealthnexus(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wealthnexus.cli.main", *arguments],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def commands() -> list[tuple[str, ...]]:
    group = CliRunner().invoke(app, ["--help"]).output
    names = re.findall(r"^│ ([a-z]+) ", group, re.MULTILINE)
    paths: list[tuple[str, ...]] = []
    for name in names:
        inner = re.findall(r"^│ ([a-z]+) ", CliRunner().invoke(app, [name, "--help"]).output, re.MULTILINE)
        paths += [(name, one) for one in inner if one not in ("bundle", "email", "out")] or [(name,)]
    return paths


def test_every_command_is_there() -> None:
    found = {" ".join(path) for path in commands()}
    assert found >= {
        "demo", "serve", "worker", "relay", "scheduler", "migrate", "firm apply", "firm list", "user invite",
        "user list", "import", "export", "token", "schema", "audit verify",
    }  # fmt: skip


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_help_has_an_example_that_names_the_command(path: tuple[str, ...]) -> None:
    output = CliRunner().invoke(app, [*path, "--help"]).output
    assert "Example" in output
    assert f"wealthnexus {' '.join(path)}" in output.split("Example", 1)[1]


def test_help_fills_the_line_and_keeps_its_examples() -> None:
    output = CliRunner().invoke(app, ["token", "--help"]).output
    assert "It can do what that user can do, and nothing more" in " ".join(output.split())
    lines = [line.strip() for line in output.splitlines()]
    assert "that user can do," not in lines
    assert as_paragraphs("One\ntwo.\n\n  a\n  b\n\nThree") == "One two.\n\n  a\n  b\n\nThree"


def test_no_command_shows_the_help_and_wrong_use_is_2(data_dir: Path) -> None:
    assert wealthnexus(data_dir).returncode == 2
    wrong = wealthnexus(data_dir, "migrat")
    assert wrong.returncode == 2
    assert "No such command 'migrat'. Did you mean 'migrate'?" in wrong.stderr
    missing = wealthnexus(data_dir, "import")
    assert missing.returncode == 2
    assert "Missing argument 'bundle'" in missing.stderr


def test_wrong_settings_are_named(data_dir: Path) -> None:
    done = wealthnexus(data_dir, "migrate", WEALTHNEXUS_PORT="80000", WEALTHNEXUS_LOG_LEVEL="loud")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "Error: The settings are not usable, nothing was started."
    assert "  WEALTHNEXUS_PORT is '80000': Input should be less than or equal to 65535" in done.stderr
    assert "  WEALTHNEXUS_LOG_LEVEL is 'loud': Input should be 'debug'" in done.stderr


def test_production_needs_everything_named(data_dir: Path) -> None:
    done = wealthnexus(data_dir, "migrate", WEALTHNEXUS_ENVIRONMENT="production")
    assert done.returncode == 1
    assert (
        "production needs WEALTHNEXUS_DATABASE_URL, WEALTHNEXUS_REDIS_URL, WEALTHNEXUS_MASTER_KEY_FILE, "
        "WEALTHNEXUS_SMTP_URL to be set" in done.stderr
    )


def test_migrating_twice_changes_nothing(data_dir: Path) -> None:
    first = wealthnexus(data_dir, "migrate")
    assert (first.returncode, first.stderr) == (0, "")
    assert re.search(r"^The database went from revision nothing to \d+\.$", first.stdout, re.MULTILINE)
    again = wealthnexus(data_dir, "migrate")
    assert re.fullmatch(r"The database is up to date \(revision \d+\)\.\n", again.stdout)
    assert not (data_dir / "run" / "servers.json").exists()  # what the command started ended with it


def test_variables_for_another_postgresql_change_nothing(data_dir: Path) -> None:
    done = wealthnexus(
        data_dir, "migrate", PGHOST="192.0.2.1", PGPORT="1", PGUSER="nobody", PGSSLMODE="verify-full",
        PGOPTIONS="-c default_transaction_read_only=on", PGSERVICE="elsewhere", PGPASSFILE="/nowhere",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_database_that_was_not_migrated_is_named(data_dir: Path) -> None:
    done = wealthnexus(data_dir, "firm", "list")
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(
        r"Error: The database is at revision nothing and this release needs \d+, nothing was done; "
        r"run `wealthnexus migrate` first\.\n",
        done.stderr,
    )


def test_a_port_asked_for_by_name_and_taken(data_dir: Path) -> None:
    from wealthnexus.kit.embedded import listen

    with listen("127.0.0.1", None, first=15900) as taken:
        port = str(taken.getsockname()[1])
        for command in (["demo"], ["serve"], ["serve", "--port", port]):
            done = wealthnexus(data_dir, *command, WEALTHNEXUS_PORT=port)
            assert done.returncode == 1
            assert done.stderr.startswith(f"Error: Port {port} on 127.0.0.1 is taken by another pro")
            assert not (data_dir / "postgres").exists()  # refused before anything was started


def test_an_unexpected_error_is_kept_whole_and_shown_short(data_dir: Path) -> None:
    """A page of the database's catalog gone is not among the errors that have a sentence."""
    code = (
        "import wealthnexus.kit.servers as servers\n"
        "from wealthnexus.cli.main import app\n"
        "def broken(_settings): raise RuntimeError('first line\\nsecond line')\n"
        "servers.servers_running = broken\n"
        "app(['migrate'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(data_dir), capture_output=True, text=True, check=False
    )
    kept = data_dir / "run" / "last-error.log"
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: Something unexpected happened (RuntimeError: first line). The details are in {kept}.\n"
    )
    assert "Traceback" in kept.read_text()
    assert "second line" in kept.read_text()


HOLDER = (
    "import sys, time\n"
    "from wealthnexus.kit.servers import LocalServers\n"
    "from wealthnexus.kit.settings import load_settings\n"
    "LocalServers(load_settings()).start(); print('up', flush=True); time.sleep(600)\n"
)


def test_a_second_command_joins_running_servers_and_a_second_demo_is_refused(data_dir: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], env=environment(data_dir), stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "up\n"
        record = json.loads((data_dir / "run" / "servers.json").read_text())
        assert record["owner_pid"] == holder.pid
        assert wealthnexus(data_dir, "migrate").returncode == 0
        assert json.loads((data_dir / "run" / "servers.json").read_text()) == record
        running = LocalServers(Settings(data_dir=data_dir)).pids()
        assert set(running) == {"PostgreSQL", "Redis"}
        for command in (["demo"], ["demo", "--reset", "--yes"]):
            refused = wealthnexus(data_dir, *command)
            assert refused.returncode == 1
            assert refused.stderr == (
                f"Error: The data folder {data_dir} is in use by process {holder.pid}; stop it, "
                "or set WEALTHNEXUS_DATA_DIR to another folder.\n"
            )
            # Who is refused ends nothing of the one that runs.
            assert LocalServers(Settings(data_dir=data_dir)).pids() == running
        holder.kill()
    wait_for(lambda: not (data_dir / "postgres" / "postmaster.pid").exists())
    # The killed holder's lock and record are stale: the next command takes over by itself.
    assert wealthnexus(data_dir, "migrate").stdout.startswith("The database is up to date")


def reset(data_dir: Path, **more: str) -> subprocess.CompletedProcess[str]:
    code = (
        "from wealthnexus.cli.console import errors_as_sentences\n"
        "from wealthnexus.cli.supervisor.demo import reset\n"
        "from wealthnexus.kit.settings import load_settings\n"
        "import typer\n"
        "app = typer.Typer(pretty_exceptions_enable=False)\n"
        "@app.command()\n"
        "def main() -> None:\n"
        "    with errors_as_sentences(): reset(load_settings(), ask=False)\n"
        "app([])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reset_deletes_our_state_and_nothing_else(data_dir: Path) -> None:
    assert wealthnexus(data_dir, "migrate").returncode == 0
    (data_dir / "letters.txt").write_text("dear")
    (data_dir / "test").mkdir()
    done = reset(data_dir)
    assert (done.returncode, done.stdout) == (0, f"The state in {data_dir} was deleted.\n")
    assert sorted(path.name for path in data_dir.iterdir()) == [".wealthnexus", "letters.txt", "test"]
    assert reset(data_dir).stdout == ""  # nothing left to delete


def test_a_reset_refuses_a_folder_that_is_not_ours(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "precious").write_text("mine")
    done = reset(data_dir)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: The folder {data_dir} was not made by this product (it has no .wealthnexus), "
        "nothing was deleted; check WEALTHNEXUS_DATA_DIR.\n"
    )
    assert (data_dir / "postgres" / "precious").read_text() == "mine"


def test_a_reset_never_touches_a_real_server(data_dir: Path) -> None:
    done = reset(data_dir, WEALTHNEXUS_REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert "names a real server; nothing was deleted" in done.stderr
