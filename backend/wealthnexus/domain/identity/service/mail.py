"""E-mails: a row with encrypted contents and a job, in the change's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.identity import texts
from wealthnexus.domain.identity.models import mail_messages
from wealthnexus.kit import clock
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.crypto import Place, decrypt, encrypt
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.secrets import keys_of

Template = Literal["invitation", "password_reset", "password_changed", "authenticator_reset"]
JOB: Final = "identity.send_mail"


def _place(reader: Reader, column: str, mail_id: UUID) -> Place:
    return Place(reader.tenant_id, "mail_messages", column, mail_id)


async def queue_mail(
    uow: UnitOfWork, template: Template, *, user_id: UUID, recipient: str, params: Mapping[str, Any]
) -> UUID:
    """Sends after the commit. Address and parameters (they may hold a link that opens an account) are
    encrypted under the person's own key."""
    mail_id = new_id()
    key = await keys_of(uow).subject_key(uow, user_id)
    await uow.execute(
        insert(mail_messages).values(
            tenant_id=uow.tenant_id,
            id=mail_id,
            user_id=user_id,
            template=template,
            recipient=encrypt(key, recipient.encode(), _place(uow, "recipient", mail_id)),
            params=encrypt(key, kit_json.canonical(dict(params)), _place(uow, "params", mail_id)),
            state="QUEUED",
            attempts=0,
            created_at=clock.now(),
        )
    )
    await enqueue(
        uow, JOB, title=texts.JOB_SEND_MAIL(), params={"mailId": str(mail_id)}, dedupe_key=str(mail_id)
    )
    return mail_id


async def open_mail(reader: Reader, mail_id: UUID) -> tuple[Row[Any], str, dict[str, Any]] | None:
    """The row, the recipient and the parameters of a mail; None when there is none."""
    row = await reader.one_or_none(
        select(mail_messages).where(
            mail_messages.c.tenant_id == reader.tenant_id, mail_messages.c.id == mail_id
        )
    )
    if row is None:
        return None
    key = await keys_of(reader).existing_subject_key(reader, row.user_id)
    if key is None:
        return None
    recipient = decrypt(key, row.recipient, _place(reader, "recipient", mail_id)).decode()
    params: dict[str, Any] = kit_json.loads(decrypt(key, row.params, _place(reader, "params", mail_id)))
    return row, recipient, params


async def mark_mail(
    uow: UnitOfWork, mail_id: UUID, state: Literal["SENT", "FAILED"], *, error: str | None = None
) -> None:
    """Once sent, the parameters are emptied: a link must not lie around."""
    key = None
    row = await uow.one_or_none(
        select(mail_messages.c.user_id)
        .where(mail_messages.c.tenant_id == uow.tenant_id, mail_messages.c.id == mail_id)
        .with_for_update()
    )
    if row is not None:
        key = await keys_of(uow).existing_subject_key(uow, row.user_id)
    values: dict[str, Any] = {"state": state, "error": error, "attempts": mail_messages.c.attempts + 1}
    if state == "SENT":
        values["sent_at"] = clock.now()
    if key is not None:
        values["params"] = encrypt(key, b"{}", _place(uow, "params", mail_id))
    await uow.execute(
        update(mail_messages)
        .where(mail_messages.c.tenant_id == uow.tenant_id, mail_messages.c.id == mail_id)
        .values(values)
    )
