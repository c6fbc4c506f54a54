"""Background work of identity: sending e-mails, tidying what is over, following the calendar of grants."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import texts
from wealthnexus.domain.identity.repository import tidy_expired
from wealthnexus.domain.identity.scope_changes import Touched
from wealthnexus.domain.identity.service.grants import rebuild_scope, refresh_scope
from wealthnexus.domain.identity.service.mail import JOB, mark_mail, open_mail
from wealthnexus.integrations.smtp import MailRefused, OutgoingMail
from wealthnexus.kit import clock
from wealthnexus.kit.jobs import JobContext, job_handler
from wealthnexus.kit.settings import Settings

_LINKED: Final = {
    "invitation": ("/invitation", texts.MAIL_INVITATION_SUBJECT, texts.MAIL_INVITATION_BODY),
    "password_reset": ("/reset-password", texts.MAIL_RESET_SUBJECT, texts.MAIL_RESET_BODY),
    "authenticator_reset": (
        "/reset-password",
        texts.MAIL_AUTHENTICATOR_SUBJECT,
        texts.MAIL_AUTHENTICATOR_BODY,
    ),
}
_KEPT_AFTER_EXPIRY: Final = timedelta(days=1)
_TIDY_BATCH: Final = 2_000
_TIDY_BATCHES_MAX: Final = 500


def public_origin(settings: Settings, firm_slug: str) -> str:
    """Where the firm's people find the app; never taken from a request, which could name any port."""
    port = f":{settings.port}" if settings.port and settings.public_scheme == "http" else ""
    return f"{settings.public_scheme}://{firm_slug}.{settings.base_domain}{port}"


def compose(
    settings: Settings,
    firm: FirmInfo,
    *,
    template: str,
    recipient: str,
    params: dict[str, Any],
    mail_id: UUID,
) -> OutgoingMail:
    """The finished message in the firm's name. The token stands behind ``#``: it never reaches a log."""
    common = {"name": params["name"], "firm": firm.name, "footer": firm.legal_footer}
    support = str(firm.support["email"])
    if template in _LINKED:
        path, subject, body = _LINKED[template]
        link = f"{public_origin(settings, firm.slug)}{path}#token={params['token']}"
        until = datetime.fromisoformat(params["until"])
        values = {**common, "link": link, "until": until, "support": support}
    else:
        values = {**common, "support": support}
        subject, body = texts.MAIL_PASSWORD_CHANGED_SUBJECT, texts.MAIL_PASSWORD_CHANGED_BODY
    return OutgoingMail(
        message_id=str(mail_id),
        firm_slug=firm.slug,
        sender_name=firm.name,
        recipient=recipient,
        subject=subject(firm=firm.name),
        body=body(**values),
    )


@job_handler(JOB, attempts_max=8, time_limit_seconds=120)
async def send_mail(context: JobContext) -> dict[str, Any] | None:
    """Sends one mail. Delivered at least once: a crash between server and commit may repeat it."""
    mail_id = UUID(context.params["mailId"])
    platform = context.platform
    firm = await platform.firms.by_id(context.binding.tenant_id)
    async with context.reading() as reader:
        found = await open_mail(reader, mail_id)
    if found is None or found[0].state != "QUEUED":
        return {"state": "GONE" if found is None else found[0].state}
    row, recipient, params = found
    mail = compose(
        platform.settings, firm, template=row.template, recipient=recipient, params=params, mail_id=mail_id
    )
    refusal = None
    try:
        await platform.mailer.send(mail)
    except MailRefused as error:
        refusal = str(error)
    async with context.unit_of_work() as uow:
        await mark_mail(uow, mail_id, "SENT" if refusal is None else "FAILED", error=refusal)
        context.result = {"state": "SENT" if refusal is None else "FAILED"}
    return context.result


@job_handler("identity.tidy")
async def tidy(context: JobContext) -> dict[str, Any] | None:
    """Removes tokens a day after they ended, in short transactions; what is left waits for the next day."""
    before, removed = clock.now() - _KEPT_AFTER_EXPIRY, 0
    for _ in range(_TIDY_BATCHES_MAX):
        async with context.database.unit_of_work(
            context.binding, actor=context.actor, request=context.request
        ) as uow:
            gone = await tidy_expired(uow, before, limit=_TIDY_BATCH)
        removed += gone
        if gone < _TIDY_BATCH:
            break
        await context.progress("removing", removed)
    return {"removed": removed}


@job_handler("identity.rebuild_scope")
async def rebuild(context: JobContext) -> dict[str, Any] | None:
    """Expands every grant anew; with subjects named, only who may see what a change of these touched."""
    given = context.params
    async with context.unit_of_work() as uow:
        if "subjects" in given:
            named = [[UUID(key) for key in given[name]] for name in ("subjects", "entities")]
            rows = await refresh_scope(uow, Touched(*named))
        else:
            rows = await rebuild_scope(uow)
        context.result = {"rows": rows}
    return context.result
