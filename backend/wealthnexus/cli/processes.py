"""The commands that run something until it is stopped: the demo and the single processes."""

from __future__ import annotations

import importlib
import os
import signal
import socket
from typing import Annotated, Any

import typer

from wealthnexus.cli.console import fail, say
from wealthnexus.cli.migrations import require_migrated
from wealthnexus.kit.settings import load_settings

DRAMATIQ_MODULES = ("wealthnexus.jobs.worker", "wealthnexus.cli.supervisor.lifeline")
# Less than the supervisor waits: a job that takes longer is put back and runs again.
JOB_GRACE_SECONDS = 25
WEBSOCKET_MESSAGE_BYTES_MAX = 1_000_000
REQUESTS_AT_ONCE_MAX = 1_000


def demo(
    port: Annotated[
        int | None, typer.Option(help="Port; without it 8000 or the next free one.", min=1, max=65535)
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Delete this data folder's state first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
) -> None:
    """Run everything on this machine, with two demo firms.

    Starts PostgreSQL and Redis, migrates, loads the demo firms (once), then runs web, worker, relay
    and scheduler until Ctrl-C. Prints the addresses and the demo log-ins. State is kept under
    WEALTHNEXUS_DATA_DIR (default .data/), so the next start takes seconds.

    [bold]Examples[/bold]

      wealthnexus demo

      wealthnexus demo --port 9000

      wealthnexus demo --reset
    """
    from wealthnexus.cli.supervisor import demo as demo_run

    if port is not None:
        os.environ["WEALTHNEXUS_PORT"] = str(port)
        load_settings.cache_clear()
    settings = load_settings()
    if settings.environment == "production":
        fail("The demo is not for production: unset WEALTHNEXUS_ENVIRONMENT, nothing was started.")
    if reset:
        demo_run.reset(settings, ask=not yes)
    raise typer.Exit(demo_run.run(settings))


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; without it 8000 or the next free one.", min=1, max=65535)
    ] = None,
    fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the web process: pages, GraphQL, subscriptions.

    Uses the servers of WEALTHNEXUS_DATABASE_URL and WEALTHNEXUS_REDIS_URL; without them it joins the
    embedded servers of this data folder, or starts them and ends them with itself.

    [bold]Examples[/bold]

      wealthnexus serve

      wealthnexus serve --host 0.0.0.0 --port 8080
    """
    import uvicorn

    from wealthnexus.kit.embedded import listen
    from wealthnexus.kit.servers import ensure_servers

    settings = load_settings()
    listener = _inherited(fd) if fd is not None else listen(host or settings.host, port or settings.port)
    address = listener.getsockname()
    os.environ["WEALTHNEXUS_HOST"], os.environ["WEALTHNEXUS_PORT"] = str(address[0]), str(address[1])
    load_settings.cache_clear()
    settings = load_settings()
    require_migrated(ensure_servers(settings))
    create_app = _entry_point("wealthnexus.web.app", "create_app")
    config = uvicorn.Config(
        create_app,
        factory=True,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=WEBSOCKET_MESSAGE_BYTES_MAX,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        limit_concurrency=REQUESTS_AT_ONCE_MAX,
        timeout_graceful_shutdown=10,
    )
    if fd is None:
        say(f"Listening on http://{address[0]}:{address[1]}")
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        fail("The web process could not start; the lines above say why.")


def worker(
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1, max=64)] = 1,
    threads: Annotated[int, typer.Option(help="Threads per process.", min=1, max=64)] = 4,
) -> None:
    """Run the jobs: imports, mails, checks.

    Every job is idempotent; a worker that is killed loses nothing, its jobs run again.

    [bold]Examples[/bold]

      wealthnexus worker

      wealthnexus worker --processes 4 --threads 8
    """
    from dramatiq import cli as dramatiq_cli

    from wealthnexus.kit.servers import servers_running

    settings = load_settings()
    arguments = [*DRAMATIQ_MODULES, f"--processes={processes}", f"--threads={threads}"]
    arguments.append(f"--worker-shutdown-timeout={JOB_GRACE_SECONDS * 1000}")
    # Its reload on SIGHUP would start another programme in our place; a hang-up ends this process.
    dramatiq_cli.HANDLED_SIGNALS.discard(signal.SIGHUP)
    with servers_running(settings) as addresses:
        require_migrated(addresses)
        parser = _entry_point("dramatiq.cli", "make_argument_parser")()
        status = _entry_point("dramatiq.cli", "main")(parser.parse_args(arguments))
    raise typer.Exit(status or 0)


def relay() -> None:
    """Move committed events and jobs from the outbox to Redis.

    Several may run: rows are claimed, nothing is sent out of order within a firm or lost.

    [bold]Example[/bold]

      wealthnexus relay
    """
    _run_entry_point("wealthnexus.jobs.relay")


def scheduler() -> None:
    """Start periodic work when it is due.

    Two may run for safety: a lease decides which one acts.

    [bold]Example[/bold]

      wealthnexus scheduler
    """
    _run_entry_point("wealthnexus.jobs.scheduler")


def _run_entry_point(module: str) -> None:
    from wealthnexus.kit.servers import ensure_servers

    require_migrated(ensure_servers(load_settings()))
    result = _entry_point(module, "main")()
    if isinstance(result, int) and result != 0:
        raise typer.Exit(result)


def _entry_point(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _inherited(fd: int) -> socket.socket:
    """The listening socket the supervisor holds: it stays open while this process is replaced."""
    try:
        return socket.socket(fileno=fd)
    except OSError as error:
        fail(f"File descriptor {fd} is not an open socket ({error.strerror}).")
