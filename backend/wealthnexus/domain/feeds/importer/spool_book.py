"""From the rows about people, ownership, debts and evidence to lines of COPY text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from wealthnexus.domain.bundle import (
    ClientRow,
    CorporateActionRow,
    CustodianLotRow,
    CustodianPositionRow,
    IdentifierRow,
    LiabilityRow,
    LotRow,
    OwnerRow,
    RelationshipRow,
    RowProblem,
)
from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.bundle.terms_book import MEMBER, OWNS
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.rules.party import normal_tax_id
from wealthnexus.domain.feeds.importer.known import Known
from wealthnexus.kit.crypto import Place, encrypt, lookup_hash
from wealthnexus.kit.ids import new_id

MONEY_PLACES: Final = 8


class Stages(Protocol):
    """Where lines go."""

    known: Known

    def put(self, table: str, *values: object) -> None: ...

    def put_words(self, subject_id: UUID, kind: str, *texts: str | None) -> None: ...

    def refuse(self, problem: RowProblem) -> None: ...


def digest(*values: object) -> bytes:
    """Of what a source said in a row; empty cells and absent ones are the same."""
    text = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def plain(value: Decimal | None) -> str | None:
    """A number as it is hashed: without the zeros a source may or may not write."""
    return None if value is None else format(value.normalize(), "f")


class BookSpool:
    """Stages the further files beside the spool of the first ones."""

    def __init__(self, stages: Stages, *, tenant_id: UUID, firm_key: bytes, lookup_key: bytes) -> None:
        self._stages = stages
        self._put = stages.put
        self._tenant_id = tenant_id
        self._firm_key = firm_key
        self._lookup_key = lookup_key
        self._liabilities_staged: set[UUID] = set()

    def writer_of(self, name: str) -> Callable[[Any], None]:
        """What takes the rows of a further file."""
        writers: dict[str, Callable[[Any], None]] = {
            "clients": self._client,
            "identifiers": self._identifier,
            "liabilities": self._liability,
            "owners": self._owner,
            "relationships": self._relationship,
            "lots": self._lot,
            "corporate_actions": self._corporate_action,
            "custodian_positions": self._custodian_position,
            "custodian_lots": self._custodian_lot,
        }
        return writers[name]

    # Rows whose references nobody knows are left out: the validation says so.

    def _party(self, key: str | None) -> UUID | None:
        return None if key is None else self._stages.known.parties.get(key)

    def _account(self, key: str | None) -> UUID | None:
        account = None if key is None else self._stages.known.accounts.get(key)
        return None if account is None else account.id

    def _security(self, key: str | None) -> UUID | None:
        return None if key is None else self._stages.known.securities.get(key)

    def _sealed(self, text: str | None, column: str, row_id: UUID) -> bytes | None:
        if text is None:
            return None
        return encrypt(self._firm_key, text.encode(), Place(self._tenant_id, "parties", column, row_id))

    # -- clients -------------------------------------------------------------------------------------------

    def _client(self, row: ClientRow) -> None:
        known = self._stages.known.parties
        id_ = known.get(row.external_id)
        if id_ is None:
            id_ = known[row.external_id] = new_id()
        tax_id = None if row.tax_id is None else normal_tax_id(row.tax_id)
        tax_hash = None if tax_id is None else lookup_hash(self._lookup_key, tax_id)
        born = None if row.birth_date is None else row.birth_date.isoformat()
        # Hashed under the firm's key: a plain digest of a birth date is quickly guessed.
        born_hash = None if born is None else lookup_hash(self._lookup_key, f"{id_}:{born}")
        words = (
            row.kind.lower(), row.status.lower(), row.name, row.given_name, row.family_name, row.tax_id_type,
            row.citizenship, row.residence, row.jurisdiction, row.formed_on, row.ended_on,
            row.kyc_state.lower(), row.kyc_verified_on, row.kyc_refresh_due,
            None if row.risk_profile is None else row.risk_profile.lower(), row.risk_assessed_on,
        )  # fmt: skip
        contacts = (("email", row.email), ("phone", row.phone), ("address", row.address))
        said = digest(
            row.external_id,
            *words,
            None if tax_hash is None else tax_hash.hex(),
            None if born_hash is None else born_hash.hex(),
            *(value for _kind, value in contacts),
        )
        kind, status, name, given, family, tax_type, citizenship, residence, *rest = words
        self._put(
            "stage_parties", row.line, id_, row.external_id, kind, status, name, normalised(row.name), given,
            family, self._sealed(born, "birth_date", id_), self._sealed(tax_id, "tax_id", id_), tax_hash,
            None if tax_id is None else tax_id[-4:], tax_type, citizenship, residence, *rest, said,
        )  # fmt: skip
        for kind_of, value in contacts:
            if value is not None:
                self._put("stage_contacts", new_id(), id_, kind_of, value)
        self._stages.put_words(id_, "PARTY", row.name, row.given_name, row.family_name, row.external_id)

    # -- identifiers, debts --------------------------------------------------------------------------------

    def _identifier(self, row: IdentifierRow) -> None:
        security_id = self._security(row.security_key)
        if security_id is None:
            return
        self._put(
            "stage_dated_identifiers", row.line, new_id(), security_id, row.scheme, row.value, row.exchange,
            row.effective_from, row.effective_to,
        )  # fmt: skip
        self._stages.put_words(security_id, "SECURITY", row.value)

    def _liability(self, row: LiabilityRow) -> None:
        household_id = self._stages.known.households.get(row.household_external_id)
        if household_id is None:
            return
        known = self._stages.known.liabilities
        id_ = known.get(row.external_id)
        if id_ is None:
            id_ = known[row.external_id] = new_id()
        if row.balance_date is not None:
            self._refuse_places(row, "liabilities", ("balance",))
            self._put("stage_balances", row.line, id_, row.balance_date, row.balance)
        if id_ in self._liabilities_staged:
            return  # a further balance of the same debt
        self._liabilities_staged.add(id_)
        self._refuse_places(row, "liabilities", ("original_amount",))
        said = digest(
            row.external_id, row.household_external_id, row.kind, row.name, row.lender, row.currency,
            plain(row.original_amount), plain(row.interest_rate), row.opened_on, row.matures_on,
            row.closed_on, row.secured_account_external_id, row.secured_security_key,
        )  # fmt: skip
        self._put(
            "stage_liabilities", row.line, id_, row.external_id, household_id, row.kind.lower(), row.name,
            normalised(row.name), row.lender, row.currency, row.original_amount, row.interest_rate,
            row.opened_on, row.matures_on, row.closed_on, self._account(row.secured_account_external_id),
            self._security(row.secured_security_key), said,
        )  # fmt: skip

    def _refuse_places(self, row: Any, name: str, columns: Iterable[str]) -> None:
        """The format allows ten decimal places, an amount of money is kept with eight."""
        for column in columns:
            value: Decimal | None = getattr(row, column)
            exponent = 0 if value is None else value.normalize().as_tuple().exponent
            if value is not None and isinstance(exponent, int) and -exponent > MONEY_PLACES:
                self._stages.refuse(
                    RowProblem(
                        FILES[name].file_name,
                        row.line,
                        column,
                        format(value, "f"),
                        f"expected at most {MONEY_PLACES} decimal places",
                    )
                )

    # -- owners and relationships --------------------------------------------------------------------------

    def _owner(self, row: OwnerRow) -> None:
        party_id = self._party(row.client_external_id)
        if party_id is None and row.client_external_id is not None:
            return
        period = (row.effective_from, row.effective_to)
        if row.liability_external_id is not None:
            liability_id = self._stages.known.liabilities.get(row.liability_external_id)
            if liability_id is not None:
                self._put(
                    "stage_liability_owners", row.line, new_id(), liability_id, party_id, row.share, *period
                )
            return
        account_id = self._account(row.account_external_id)
        if account_id is None:
            return
        if row.tier is None:
            self._put(
                "stage_account_owners", row.line, new_id(), account_id, party_id, row.role.lower(), row.share,
                *period,
            )  # fmt: skip
        else:
            self._put(
                "stage_beneficiaries", row.line, new_id(), account_id, party_id, row.name, row.tier.lower(),
                row.share, bool(row.is_per_stirpes), *period,
            )  # fmt: skip

    def _relationship(self, row: RelationshipRow) -> None:
        party_id = self._party(row.client_external_id)
        if party_id is None:
            return
        period = (row.effective_from, row.effective_to)
        if row.kind == MEMBER:
            household_id = self._stages.known.households.get(row.household_external_id or "")
            if household_id is not None:
                role = (row.member_role or "").lower()
                self._put(
                    "stage_household_members", row.line, new_id(), household_id, party_id, role, *period
                )
            return
        related_id = self._party(row.related_external_id)
        if related_id is None:
            return
        if row.kind == OWNS:
            self._put("stage_ownerships", row.line, new_id(), related_id, party_id, row.share, *period)
        else:
            self._put(
                "stage_relationships", row.line, new_id(), party_id, row.kind.lower(), related_id, *period
            )

    # -- lots, corporate actions, evidence -----------------------------------------------------------------

    def _lot(self, row: LotRow) -> None:
        account = self._stages.known.accounts.get(row.account_external_id)
        security_id = self._security(row.security_key)
        if account is None or security_id is None:
            return
        self._refuse_places(row, "lots", ("cost_basis",))
        said = digest(
            account.hex, security_id.hex, row.as_of, row.acquired_on, plain(row.quantity),
            plain(row.cost_basis), row.currency, row.related_external_id,
        )  # fmt: skip
        self._put(
            "stage_lots", row.line, new_id(), row.external_id, account.id, account.portfolio_id, security_id,
            row.as_of, row.acquired_on, row.quantity, row.cost_basis, row.currency, row.related_external_id,
            said,
        )  # fmt: skip

    def _corporate_action(self, row: CorporateActionRow) -> None:
        security_id = self._security(row.security_key)
        other_id = self._security(row.other_security_key)
        if security_id is None or (other_id is None and row.other_security_key is not None):
            return
        said = digest(
            security_id.hex, row.type, row.ex_date, row.record_date, row.pay_date, plain(row.ratio_new),
            plain(row.ratio_old), plain(row.cash_amount), row.currency,
            None if other_id is None else other_id.hex, row.new_value, row.description,
            *self._terms_said(row),
        )  # fmt: skip
        self._put(
            "stage_corporate_actions", row.line, new_id(), row.external_id, security_id, row.type,
            row.ex_date, row.record_date, row.pay_date, row.ratio_new, row.ratio_old, row.cash_amount,
            row.currency, other_id, row.new_value, row.description, row.basis_fraction, row.is_taxable,
            row.cash_in_lieu_price, row.fractions, said,
        )  # fmt: skip

    @staticmethod
    def _terms_said(row: CorporateActionRow) -> tuple[object, ...]:
        """What was added to the format later is hashed only when it is given."""
        terms = (plain(row.basis_fraction), row.is_taxable, plain(row.cash_in_lieu_price), row.fractions)
        return terms if any(value is not None for value in terms) else ()

    def _custodian_position(self, row: CustodianPositionRow) -> None:
        account_id, security_id = self._account(row.account_external_id), self._security(row.security_key)
        if account_id is None or (security_id is None and row.security_key is not None):
            return
        self._refuse_places(row, "custodian_positions", ("market_value", "cost_basis"))
        self._put(
            "stage_custodian_positions", row.line, account_id, row.date, security_id, row.custodian_key,
            row.currency, row.quantity, row.price, row.market_value, row.cost_basis,
        )  # fmt: skip

    def _custodian_lot(self, row: CustodianLotRow) -> None:
        account_id, security_id = self._account(row.account_external_id), self._security(row.security_key)
        if account_id is None or security_id is None:
            return
        self._refuse_places(row, "custodian_lots", ("cost_basis",))
        self._put(
            "stage_custodian_lots", row.line, account_id, row.date, security_id, row.custodian_key,
            row.acquired_on, row.quantity, row.cost_basis, row.currency,
        )  # fmt: skip
