"""``wealthnexus firm``: firms from their declarative folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wealthnexus.cli.console import say, table
from wealthnexus.cli.ground import on_platform
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.settings import load_settings

if TYPE_CHECKING:
    from wealthnexus.domain.firms import Applied, FirmInfo
    from wealthnexus.kit.addresses import Addresses
    from wealthnexus.runtime import Platform

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
    from wealthnexus.cli.migrations import require_migrated
    from wealthnexus.kit.servers import servers_running

    with servers_running(load_settings()) as addresses:
        require_migrated(addresses)
        for applied in apply_folders(addresses, folders):
            say(f"{applied.slug}: {applied.outcome}")


@app.command("list")
def list_firms() -> None:
    """List the firms: slug, name, hosts, tier, currency, households.

    [bold]Example[/bold]

      wealthnexus firm list
    """

    async def work(platform: Platform) -> Sequence[FirmInfo]:
        return await platform.firms.all()

    firms = on_platform(work)
    if not firms:
        say("There is no firm yet; `wealthnexus firm apply` makes those in tenants/.")
    table(
        ("slug", "name", "currency", "time zone", "tier", "business date"),
        [
            (
                firm.slug,
                firm.name,
                firm.currency,
                firm.time_zone,
                firm.tier,
                str(firm.pinned_business_date or "today"),
            )
            for firm in firms
        ],
    )


def apply_folders(addresses: Addresses, folders: list[Path] | None) -> list[Applied]:
    """Every folder is read and checked before the first one is applied."""
    from wealthnexus.domain.firms import apply_firm, load_firm_config

    chosen = folders or sorted(path.parent for path in addresses.settings.tenants_dir.glob("*/tenant.toml"))
    if not chosen:
        raise ValidationFailed(
            f"No firm folder (with tenant.toml) is in {addresses.settings.tenants_dir}, nothing was applied; "
            "name one, or set WEALTHNEXUS_TENANTS_DIR."
        )
    configs = [load_firm_config(folder) for folder in chosen]
    url = addresses.sync_database_url_for("owner")
    return [apply_firm(url, config) for config in configs]
