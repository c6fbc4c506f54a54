"""Keys: the master key wraps each firm's key, the firm's key wraps a data key per subject."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.firms.models import data_keys, firm_keys
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import CryptoError, Place, decrypt, derive, encrypt, new_key
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id

_PURPOSE = "data"
_FACT = "firms.new_key"


class Keyring:
    """Opens firms' keys with the master key; keeps the opened ones for the life of the process."""

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key
        self._firm_keys: dict[UUID, bytes] = {}

    def process_key(self, purpose: str) -> bytes:
        """A key of the installation itself (not of a firm), e.g. for CSRF tokens."""
        return derive(self._master_key, purpose)

    async def firm_key(self, reader: Reader) -> bytes:
        """The bound firm's key. A unit of work makes it on first use; a reader raises CryptoError."""
        tenant_id = reader.tenant_id
        known = self._firm_keys.get(tenant_id)
        if known is not None:
            return known
        key = await self._stored_firm_key(reader)
        if key is None:
            if not isinstance(reader, UnitOfWork):
                raise CryptoError(f"the firm {tenant_id} has no key yet; nothing can be encrypted under it")
            key = await self._make_firm_key(reader)
        elif not (isinstance(reader, UnitOfWork) and _FACT in reader.facts):
            # A key made in this very transaction may still be rolled back: only committed ones are kept.
            self._firm_keys[tenant_id] = key
        return key

    async def _stored_firm_key(self, reader: Reader) -> bytes | None:
        row = await reader.one_or_none(
            select(firm_keys.c.id, firm_keys.c.wrapped_key).where(
                firm_keys.c.tenant_id == reader.tenant_id, firm_keys.c.purpose == _PURPOSE
            )
        )
        if row is None:
            return None
        place = Place(reader.tenant_id, "firm_keys", "wrapped_key", row.id)
        return decrypt(self._master_key, row.wrapped_key, place)

    async def _make_firm_key(self, uow: UnitOfWork) -> bytes:
        row_id = new_id()
        place = Place(uow.tenant_id, "firm_keys", "wrapped_key", row_id)
        await uow.execute(
            insert(firm_keys)
            .values(
                tenant_id=uow.tenant_id,
                id=row_id,
                purpose=_PURPOSE,
                wrapped_key=encrypt(self._master_key, new_key(), place),
                created_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
        uow.facts[_FACT] = True
        key = await self._stored_firm_key(uow)  # ours, or that of whoever was first
        if key is None:
            raise CryptoError(f"the key of firm {uow.tenant_id} was neither made nor found")
        return key

    async def firm_lookup_key(self, reader: Reader) -> bytes:
        """For HMACs by which an encrypted value is found (account numbers)."""
        return derive(await self.firm_key(reader), "lookup")

    async def subject_key(self, uow: UnitOfWork, subject_id: UUID) -> bytes:
        """The data key of one person or other subject, made on first use; CryptoError once destroyed."""
        firm_key = await self.firm_key(uow)
        row_id = new_id()
        place = Place(uow.tenant_id, "data_keys", "wrapped_key", row_id)
        key = await self._stored_subject_key(uow, firm_key, subject_id)
        if key is not None:
            return key
        await uow.execute(
            insert(data_keys)
            .values(
                tenant_id=uow.tenant_id,
                id=row_id,
                subject_id=subject_id,
                wrapped_key=encrypt(firm_key, new_key(), place),
                created_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
        key = await self._stored_subject_key(uow, firm_key, subject_id)
        if key is None:
            raise CryptoError(f"the data key of subject {subject_id} was neither made nor found")
        return key

    async def existing_subject_key(self, reader: Reader, subject_id: UUID) -> bytes | None:
        """For reading: None when the subject never had a key; CryptoError once destroyed."""
        return await self._stored_subject_key(reader, await self.firm_key(reader), subject_id)

    async def existing_subject_keys(self, reader: Reader, subject_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """For showing a list, one statement: who never had a key, or was erased, is absent."""
        if not subject_ids:
            return {}
        firm_key = await self.firm_key(reader)
        rows = await reader.rows(
            select(data_keys.c.id, data_keys.c.subject_id, data_keys.c.wrapped_key).where(
                data_keys.c.tenant_id == reader.tenant_id,
                data_keys.c.subject_id.in_(subject_ids),
                data_keys.c.wrapped_key.is_not(None),
            )
        )
        return {
            row.subject_id: decrypt(
                firm_key, row.wrapped_key, Place(reader.tenant_id, "data_keys", "wrapped_key", row.id)
            )
            for row in rows
        }

    async def _stored_subject_key(self, reader: Reader, firm_key: bytes, subject_id: UUID) -> bytes | None:
        row = await reader.one_or_none(
            select(data_keys.c.id, data_keys.c.wrapped_key).where(
                data_keys.c.tenant_id == reader.tenant_id, data_keys.c.subject_id == subject_id
            )
        )
        if row is None:
            return None
        if row.wrapped_key is None:
            raise CryptoError(f"the data key of subject {subject_id} was destroyed; its values are erased")
        return decrypt(firm_key, row.wrapped_key, Place(reader.tenant_id, "data_keys", "wrapped_key", row.id))

    async def destroy_subject_key_erasing_its_values(self, uow: UnitOfWork, subject_id: UUID) -> bool:
        """Erases every value encrypted under the subject's key, for ever. False: there was no key."""
        result = await uow.execute(
            update(data_keys)
            .where(
                data_keys.c.tenant_id == uow.tenant_id,
                data_keys.c.subject_id == subject_id,
                data_keys.c.wrapped_key.is_not(None),
            )
            .values(wrapped_key=None, destroyed_at=clock.now())
        )
        return bool(result.rowcount)
