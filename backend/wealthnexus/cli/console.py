"""What a command says: facts on standard output, one clear message per error on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from wealthnexus.kit.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from rich.progress import Progress


def _explained() -> tuple[type[Exception], ...]:
    """Errors whose text is written for the person at the keyboard (loaded only when one is raised)."""
    from wealthnexus.kit.crypto import CryptoError
    from wealthnexus.kit.embedded import EmbeddedServerError
    from wealthnexus.kit.errors import DomainError
    from wealthnexus.kit.migrating import MigrationError

    return (SettingsError, EmbeddedServerError, MigrationError, DomainError, CryptoError)


def say(text: str = "") -> None:
    """One line of fact."""
    typer.echo(text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest cell; nothing when there are no rows."""
    if not rows:
        return
    widths = [max(len(row[index]) for row in (heads, *rows)) for index in range(len(heads))]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def fail(message: str) -> NoReturn:
    """One message on standard error, exit status 1."""
    typer.secho(f"Error: {message}", fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


@contextlib.contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Turns what a command raises into one message and exit status 1; never a stack trace."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise  # said already, or wrong usage, which the command line explains itself
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        raise typer.Exit(130) from None
    except Exception as error:
        if isinstance(error, _explained()):
            fail(str(error))
        # The programme's own fault: kept whole in a file.
        place = _keep_traceback()
        kept = f" The details are in {place}." if place else ""
        fail(f"Something unexpected happened ({type(error).__name__}: {_first_line(error)}).{kept}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:300]


def _keep_traceback() -> Path | None:
    try:
        folder = load_settings().run_dir
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "last-error.log"
        head = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {' '.join(sys.argv)}\n"
        path.write_text(head + traceback.format_exc(), encoding="utf-8")
    except (OSError, SettingsError):
        return None
    return path


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """``what … 1.2 s`` for a stage a person waits for."""
    started = time.monotonic()
    typer.echo(f"{what} … ", nl=False)
    sys.stdout.flush()
    try:
        yield
    except BaseException:
        typer.echo("failed")
        raise
    typer.echo(f"{time.monotonic() - started:.1f} s")


@contextlib.contextmanager
def progress_bar(what: str, *, unit: str = "rows") -> Iterator[ProgressBar]:
    """A bar on a terminal, a line every few seconds elsewhere (a log, a pipe)."""
    bar = ProgressBar(what, unit)
    try:
        yield bar
    finally:
        bar.close()


class ProgressBar:
    """``report(done, total)`` may be called as often as one likes; ``total`` None: not known."""

    LINE_EVERY_SECONDS = 5.0

    def __init__(self, what: str, unit: str) -> None:
        self._what = what
        self._unit = unit
        self._last_line = time.monotonic()
        self._progress: Progress | None = None
        if sys.stderr.isatty() and "CI" not in os.environ:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn(unit),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )
            self._task = self._progress.add_task(what, total=None)
            self._progress.start()

    def report(self, done: int, total: int | None = None, stage: str | None = None) -> None:
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total, description=stage or self._what)
        elif time.monotonic() - self._last_line >= self.LINE_EVERY_SECONDS:
            self._last_line = time.monotonic()
            of = f" of {total:,}" if total else ""
            typer.echo(f"{stage or self._what}: {done:,}{of} {self._unit}", err=True)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
