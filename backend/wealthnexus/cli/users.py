"""``wealthnexus user``: the people of a firm."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from sqlalchemy import Row

from wealthnexus.cli.console import say, table
from wealthnexus.cli.ground import by_command_line, on_platform
from wealthnexus.domain.identity.lists import users_page
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.service.joining import add_invited_user, roles_named
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import FIRST_MAX, PageRequest
from wealthnexus.runtime import Platform

app = typer.Typer(no_args_is_help=True, help="Invite people to a firm, and list them.")

FirmOption = Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    firm: FirmOption,
    name: Annotated[str, typer.Option("--name", help="The person's full name.")],
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            help="A role, several times for several: firm_admin, advisor, portfolio_manager, trader, "
            "operations, compliance, read_only, client, guardian.",
        ),
    ],
) -> None:
    """Invite a person: an e-mail with a link to set a password and a second factor.

    This is how a firm gets its first administrator; later ones are invited in the app. In
    development the mail is on the mailbox page of the running demo.

    [bold]Examples[/bold]

      wealthnexus user invite ana@summit.example --firm summit --name "Ana Ruiz" --role firm_admin

      wealthnexus user invite bo@summit.example --firm summit --name "Bo Lind" --role advisor --role trader
    """

    async def work(platform: Platform) -> str:
        chosen = await platform.firms.by_slug(firm)
        roles = roles_named(_known_role(text) for text in role)
        async with platform.db.unit_of_work(Binding(chosen.id), request=by_command_line()) as uow:
            await add_invited_user(uow, chosen, email=email, name=name, roles=roles)
        return chosen.name

    say(f"{name} was invited to {on_platform(work)} as {', '.join(role)}; the link goes to {email}.")


@app.command("list")
def list_users(firm: FirmOption) -> None:
    """List a firm's people: e-mail, name, roles, status, last sign-in.

    [bold]Example[/bold]

      wealthnexus user list --firm summit
    """

    async def work(platform: Platform) -> list[tuple[str, ...]]:
        chosen = await platform.firms.by_slug(firm)
        people: list[tuple[str, ...]] = []
        after = None
        async with platform.db.reading(Binding(chosen.id)) as reader:
            while True:
                page = await users_page(reader, PageRequest(FIRST_MAX, after))
                people += [_line(row) for row in page.rows]
                if not page.has_next:
                    return people
                after = page.cursors[-1]

    table(("e-mail", "name", "roles", "scope", "status", "last sign-in"), on_platform(work))


def _known_role(text: str) -> str:
    """``firm_admin`` or ``FIRM_ADMIN`` -> FIRM_ADMIN; ValidationFailed names the roles there are."""
    name = text.strip().upper().replace("-", "_")
    if name not in Role.__members__:
        known = ", ".join(member.lower() for member in Role.__members__)
        raise ValidationFailed(f"{text!r} is not a role, expected one of {known}; nobody was invited")
    return name


def _line(row: Row[Any]) -> tuple[str, ...]:
    seen = row.last_sign_in_at.strftime("%Y-%m-%d %H:%M") if row.last_sign_in_at else "never"
    return (row.email, row.name, ", ".join(row.roles or ()).lower(), row.scope, row.status.lower(), seen)
