"""``wealthnexus user``: the people of a firm."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from wealthnexus.cli.console import fail, say, table
from wealthnexus.cli.ground import OPERATOR, by_command_line, on_platform
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.settings import load_settings

if TYPE_CHECKING:
    from wealthnexus.domain.identity.permissions import Role
    from wealthnexus.runtime import Platform

app = typer.Typer(no_args_is_help=True, help="Invite people to a firm, and list them.")

FirmOption = Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")]
PAGE = 200


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
    limited: Annotated[
        bool, typer.Option("--limited", help="Sees only what is granted, not the whole firm.")
    ] = False,
) -> None:
    """Invite a person: an e-mail with a link to set a password and a second factor.

    This is how a firm gets its first administrator; later ones are invited in the app. In
    development the mail is on the mailbox page of the running demo.

    [bold]Examples[/bold]

      wealthnexus user invite ana@summit.example --firm summit --name "Ana Ruiz" --role firm_admin

      wealthnexus user invite bo@summit.example --firm summit --name "Bo Lind" --role advisor --role trader
    """
    from wealthnexus.domain.identity.service.joining import add_invited_user
    from wealthnexus.kit.db import Binding

    roles = _roles(role)

    async def work(platform: Platform) -> UUID:
        info = await platform.firms.by_slug(firm)
        async with platform.db.unit_of_work(
            Binding(info.id), actor=OPERATOR, request=by_command_line()
        ) as uow:
            return await add_invited_user(
                uow, info, email=email, name=name, roles=roles, scope="limited" if limited else None
            )

    on_platform(work)
    say(f"Invited {name} <{email}> to {firm} as {', '.join(sorted(roles))}.")
    if load_settings().smtp_url is None:
        say("The mail is on the firm's mailbox page (/dev/mailbox) as soon as a worker has run.")


def _roles(names: list[str]) -> frozenset[Role]:
    from wealthnexus.domain.identity.permissions import Role

    known = {role.value: role for role in Role}
    unknown = [name for name in names if name.upper() not in known]
    if unknown:
        raise ValidationFailed(
            f"There is no role {', '.join(map(repr, unknown))}, nobody was invited; "
            f"the roles are {', '.join(sorted(known)).lower()}."
        )
    return frozenset(known[name.upper()] for name in names)


@app.command("list")
def list_users(firm: FirmOption) -> None:
    """List a firm's people: e-mail, name, roles, what they see, status, last sign-in.

    [bold]Example[/bold]

      wealthnexus user list --firm summit
    """

    from wealthnexus.domain.identity.directory import PeopleFilter, people_page
    from wealthnexus.kit.db import Binding
    from wealthnexus.kit.paging import PageRequest

    async def work(platform: Platform) -> list[tuple[str, ...]]:
        info = await platform.firms.by_slug(firm)
        people: list[tuple[str, ...]] = []
        after: str | None = None
        async with platform.db.reading(Binding(info.id)) as reader:
            while True:
                page = await people_page(reader, PeopleFilter(), PageRequest(PAGE, after))
                for row in page.rows:
                    roles = ", ".join(sorted(row.roles or ()))
                    people.append(
                        (row.email, row.name, roles, row.scope, row.status, _instant(row.last_sign_in_at))
                    )
                if not page.has_next:
                    return people
                after = page.cursors[-1]

    people = on_platform(work)
    if not people:
        say(f"{firm} has no people yet; `wealthnexus user invite` invites the first administrator.")
    table(("e-mail", "name", "roles", "sees", "status", "last sign-in (UTC)"), people)


def _instant(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "never"


@app.command()
def code(
    email: Annotated[str, typer.Argument(help="A person of the demo.")],
    secret: Annotated[
        bool, typer.Option("--secret", help="Print the secret for an authenticator app instead.")
    ] = False,
) -> None:
    """Print a demo person's second factor, the six digits of now.

    Only the people of the demo have a secret this programme knows; refused in production.

    [bold]Examples[/bold]

      wealthnexus user code anna.lindahl@summitridge.example

      wealthnexus user code anna.lindahl@summitridge.example --secret
    """
    import pyotp

    from wealthnexus.demo import people as demo_people
    from wealthnexus.kit import clock

    if load_settings().environment == "production":
        fail("Demo people do not exist in production; nothing is printed.")
    try:
        person = demo_people.user(email.strip().lower())
    except KeyError:
        fail(f"{email} is not a person of the demo; `wealthnexus demo` prints who is.")
    say(person.totp_secret if secret else pyotp.TOTP(person.totp_secret).at(clock.now()))
