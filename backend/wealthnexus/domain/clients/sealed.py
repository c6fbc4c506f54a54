"""Values kept encrypted: birth dates, tax ids, account numbers; bound to their table, column and row."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.rules.party import normal_tax_id
from wealthnexus.kit.crypto import Place, decrypt, derive, encrypt, lookup_hash
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.secrets import keys_of

LAST: Final = 4


async def seal(uow: UnitOfWork, table: str, column: str, row_id: UUID, value: str) -> bytes:
    """``value`` under the firm's key, for this place alone."""
    key = await keys_of(uow).firm_key(uow)
    return encrypt(key, value.encode(), Place(uow.tenant_id, table, column, row_id))


async def opened(reader: Reader, table: str, column: str, row_id: UUID, blob: bytes) -> str:
    """What ``seal`` sealed at this place."""
    key = await keys_of(reader).firm_key(reader)
    return decrypt(key, blob, Place(reader.tenant_id, table, column, row_id)).decode()


async def hashed(reader: Reader, value: str) -> bytes:
    """The keyed hash by which an encrypted value is found."""
    return lookup_hash(derive(await keys_of(reader).firm_key(reader), "lookup"), value)


async def tax_id_columns(uow: UnitOfWork, party_id: UUID, tax_id: str | None) -> dict[str, object]:
    """The columns of a tax id as it was typed; all empty without one."""
    if tax_id is None:
        return {"tax_id": None, "tax_id_hash": None, "tax_id_last4": None}
    value = normal_tax_id(tax_id)
    return {
        "tax_id": await seal(uow, "parties", "tax_id", party_id, value),
        "tax_id_hash": await hashed(uow, value),
        "tax_id_last4": value[-LAST:],
    }


async def birth_date_column(uow: UnitOfWork, party_id: UUID, birth_date: date | None) -> dict[str, object]:
    if birth_date is None:
        return {"birth_date": None}
    return {"birth_date": await seal(uow, "parties", "birth_date", party_id, birth_date.isoformat())}


async def account_number_columns(uow: UnitOfWork, account_id: UUID, number: str | None) -> dict[str, object]:
    """The columns of an account number; found by the number as the custodian writes it."""
    if number is None:
        return {"account_number": None, "account_number_hash": None, "account_number_last4": None}
    return {
        "account_number": await seal(uow, "accounts", "account_number", account_id, number),
        "account_number_hash": await hashed(uow, number),
        "account_number_last4": number[-LAST:],
    }
