"""``wealthnexus firm``: firms from their declarative folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Make firms from their folders, and list them.")


@app.command()
def apply(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Firm folders; without any, every folder in tenants/.", show_default=False),
    ] = None,
) -> None:
    """Make each firm as its folder says, or change what differs.

    A folder holds tenant.toml (name, hosts, brand, locale, time zone, currency, features, tier and
    limits). Applying the same folder again changes nothing. A wrong folder changes nothing either:
    the message names the file, the key, the value and what was expected.

    [bold]Examples[/bold]

      wealthnexus firm apply

      wealthnexus firm apply tenants/summit
    """


@app.command("list")
def list_firms() -> None:
    """List the firms: slug, name, hosts, tier, currency, households.

    [bold]Example[/bold]

      wealthnexus firm list
    """
