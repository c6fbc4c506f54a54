"""``wealthnexus demo``: everything on one machine, from an empty folder to two firms in the browser."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import sys
import time
from pathlib import Path

import typer

from wealthnexus.cli.console import fail, say
from wealthnexus.cli.migrations import SUPERVISED, bring_up_to_date
from wealthnexus.cli.supervisor.books import demo_log_ins, load_demo_books
from wealthnexus.cli.supervisor.children import Child
from wealthnexus.cli.supervisor.watch import Supervisor, stop_signals_interrupt
from wealthnexus.demo.people import DEMO_PASSWORD
from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.embedded import FolderLock, listen
from wealthnexus.kit.embedded.errors import explain_os_error
from wealthnexus.kit.embedded.folders import make_folder
from wealthnexus.kit.servers import DATA_FOLDER_MARK, LocalServers
from wealthnexus.kit.settings import Settings

# What the product keeps in its data folder. Tools and test runs are kept there too and stay.
STATE_NAMES = (
    "postgres",
    "postgres.new",
    "postgres.log",
    "postgres.log.1",
    "postgres.lock",
    "redis",
    "redis.log",
    "redis.log.1",
    "redis.lock",
    "files",
    "mailbox",
    "master.key",
    "run",
)


def run(settings: Settings) -> int:
    """Start everything and stay until asked to stop; returns the exit status."""
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        with stop_signals_interrupt():
            listener = stack.enter_context(listen(settings.host, settings.port))
            port = int(listener.getsockname()[1])
            if settings.port is None and port != 8000:
                say(f"Port 8000 is taken; using {port}.")
            servers = None if settings.database_url and settings.redis_url else LocalServers(settings)
            addresses = _start_servers(settings, servers, stack)
            bring_up_to_date(addresses)
            load_demo_books(addresses)
            children = _children(settings, listener.fileno(), port)
        supervisor = Supervisor(servers, children, _tell)
        host = settings.host
        status = supervisor.run(
            when_started=lambda: _is_ready(host, port),
            on_ready=lambda: _announce(settings, port, time.monotonic() - started),
        )
    _tell("Everything is stopped.")
    return status


def _start_servers(
    settings: Settings, servers: LocalServers | None, stack: contextlib.ExitStack
) -> Addresses:
    if servers is None:
        make_folder(settings.run_dir)
        return Addresses(settings, None, None)
    stack.callback(servers.stop)
    addresses = servers.start()
    if servers.taken_over_from is not None:
        say(
            f"The last run (process {servers.taken_over_from}) ended without tidying up; "
            "its data was recovered."
        )
    return addresses


def _children(settings: Settings, listener: int, port: int) -> list[Child]:
    environment = {
        **os.environ,
        "WEALTHNEXUS_DATA_DIR": str(settings.data_dir),
        "WEALTHNEXUS_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        SUPERVISED: "1",
    }
    ours = [sys.executable, "-m", "wealthnexus.cli.main"]
    logs = settings.run_dir / "logs"
    make_folder(logs)

    def child(name: str, *arguments: str, stop_seconds: float, fds: tuple[int, ...] = ()) -> Child:
        return Child(
            name=name,
            command=[*ours, *arguments],
            log=logs / f"{name}.log",
            environment=environment,
            stop_seconds=stop_seconds,
            pass_fds=fds,
        )

    return [
        child("relay", "relay", stop_seconds=10),
        child("worker", "worker", stop_seconds=30),
        child("scheduler", "scheduler", stop_seconds=10),
        child("web", "serve", "--fd", str(listener), stop_seconds=15, fds=(listener,)),
    ]


def _is_ready(host: str, port: int) -> bool:
    """Whether the web process says that it, its database and its Redis are ready."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _announce(settings: Settings, port: int, seconds: float) -> None:
    log_ins = demo_log_ins()
    lines = ["", f"WealthNexus is ready ({seconds:.0f} s).", ""]
    for firm in log_ins:
        address = f"{settings.public_scheme}://{firm.slug}.{settings.base_domain}:{port}"
        lines.append(f"  {address}   {firm.name}")
        lines += [f"      {person}" for person in firm.people]
    lines += [
        "",
        f"  Password of everybody: {DEMO_PASSWORD}",
        "  Second factor: .venv/bin/wealthnexus user code EMAIL   (with --secret for an authenticator app)",
        f"  Mailbox (what the product would send): http://{log_ins[0].slug}.{settings.base_domain}:{port}/dev/mailbox",
        f"  Logs: {settings.run_dir / 'logs'}",
        "",
        "Ctrl-C stops everything.",
    ]
    _tell("\n".join(lines))


def _tell(text: str) -> None:
    # The reader of our output may be gone (a closed pipe); the processes matter more.
    with contextlib.suppress(OSError):
        typer.echo(text)
        sys.stdout.flush()


def reset(settings: Settings, *, ask: bool) -> None:
    """Delete the state of this data folder, and nothing that is not the product's."""
    if settings.database_url or settings.redis_url:
        fail(
            "A reset deletes only the embedded servers' data, and WEALTHNEXUS_DATABASE_URL or "
            "WEALTHNEXUS_REDIS_URL names a real server; nothing was deleted. "
            "Empty that server yourself, or unset both."
        )
    folder = settings.data_dir
    state = [folder / name for name in STATE_NAMES if (folder / name).exists()]
    if not state:
        return
    if not (folder / DATA_FOLDER_MARK).exists():
        fail(
            f"The folder {folder} was not made by this product (it has no {DATA_FOLDER_MARK}), "
            "nothing was deleted; check WEALTHNEXUS_DATA_DIR."
        )
    lock = FolderLock(settings.run_dir / "servers.lock")
    lock.acquire(f"The data folder {folder}")
    try:
        if ask:
            typer.confirm(
                f"Delete all data in {folder} ({', '.join(path.name for path in state)})?", abort=True
            )
        for path in state:
            _delete(path)
    finally:
        lock.release()
    say(f"The state in {folder} was deleted.")


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise explain_os_error(error, "delete", path) from error
