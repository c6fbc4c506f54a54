"""The files about people, ownership, debts, lots, corporate actions and the custodian's evidence.

Every one of them may be left out. Words are kept as the codes of ``terms_book``; references may name what
another source gave as ``[source]key``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from . import terms_book, values
from .columns import Column, FileFormat, optional_columns, term

Day = date
"""For the rows that have a column of the name ``date``."""


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A person, trust, company or estate, with the contacts used first."""

    line: int
    external_id: str
    kind: str
    name: str
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    tax_id: str | None = None
    tax_id_type: str | None = None
    citizenship: str | None = None
    residence: str | None = None
    jurisdiction: str | None = None
    formed_on: date | None = None
    ended_on: date | None = None
    status: str = "ACTIVE"
    kyc_state: str = "NOT_STARTED"
    kyc_verified_on: date | None = None
    kyc_refresh_due: date | None = None
    risk_profile: str | None = None
    risk_assessed_on: date | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """What a security was called, and when; half open."""

    line: int
    security_key: str
    scheme: str
    value: str
    exchange: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class LiabilityRow:
    """A debt on the day of one of its balances; the rows of one debt differ by the balance alone."""

    line: int
    external_id: str
    household_external_id: str
    name: str
    kind: str
    lender: str | None
    currency: str
    original_amount: Decimal | None = None
    interest_rate: Decimal | None = None
    opened_on: date | None = None
    matures_on: date | None = None
    closed_on: date | None = None
    secured_account_external_id: str | None = None
    secured_security_key: str | None = None
    balance_date: date | None = None
    balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """Who stands behind an account or a debt, in which role, with which share."""

    line: int
    account_external_id: str | None
    liability_external_id: str | None
    client_external_id: str | None
    role: str
    share: Decimal | None = None
    tier: str | None = None
    is_per_stirpes: bool | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RelationshipRow:
    """What a client is to another client or to a household."""

    line: int
    client_external_id: str
    kind: str
    related_external_id: str | None = None
    household_external_id: str | None = None
    member_role: str | None = None
    share: Decimal | None = None
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(slots=True)
class LotRow:
    """A tax lot as the source gives it; cost in ``currency``."""

    line: int
    external_id: str
    account_external_id: str
    security_key: str
    as_of: date
    acquired_on: date | None
    quantity: Decimal
    cost_basis: Decimal | None
    currency: str
    related_external_id: str | None = None


@dataclass(frozen=True, slots=True)
class CorporateActionRow:
    """What an issuer did."""

    line: int
    external_id: str
    security_key: str
    type: str
    ex_date: date
    record_date: date | None = None
    pay_date: date | None = None
    ratio_new: Decimal | None = None
    ratio_old: Decimal | None = None
    cash_amount: Decimal | None = None
    currency: str | None = None
    other_security_key: str | None = None
    new_value: str | None = None
    description: str | None = None
    basis_fraction: Decimal | None = None
    is_taxable: bool | None = None
    cash_in_lieu_price: Decimal | None = None
    fractions: str | None = None


@dataclass(slots=True)
class CustodianPositionRow:
    """What the custodian holds; without a security it is the cash balance of the currency."""

    line: int
    account_external_id: str
    date: Day
    security_key: str | None
    custodian_key: str | None
    currency: str
    quantity: Decimal
    price: Decimal | None = None
    market_value: Decimal | None = None
    cost_basis: Decimal | None = None


@dataclass(slots=True)
class CustodianLotRow:
    """A lot as the custodian reports it."""

    line: int
    account_external_id: str
    date: Day
    security_key: str
    custodian_key: str | None
    acquired_on: Day | None
    quantity: Decimal
    cost_basis: Decimal | None
    currency: str


BookRow = (
    ClientRow
    | IdentifierRow
    | LiabilityRow
    | OwnerRow
    | RelationshipRow
    | LotRow
    | CorporateActionRow
    | CustodianPositionRow
    | CustodianLotRow
)

_key = values.remembering(values.reference)
_optional_key = values.remembering(values.optional(values.reference))
_currency = values.remembering(values.currency)
_date = values.remembering(values.iso_date)
_optional_date = values.remembering(values.optional(values.iso_date))
_optional_decimal = values.optional(values.decimal)
_optional_positive = values.optional(values.positive_decimal)
_optional_non_negative = values.optional(values.non_negative_decimal)
_share = values.remembering(values.optional(values.share))
_optional_name = values.optional(values.text(200))
_country = values.remembering(values.optional(values.country))


def _status(cell: str) -> Any:
    return values.one_of("status", terms_book.PARTY_STATUSES)(cell)


def _kyc_state(cell: str) -> Any:
    return values.one_of("kyc_state", terms_book.KYC_STATES)(cell)


CLIENTS: Final = FileFormat(
    "clients",
    (
        Column("external_id", values.own_key),
        Column("kind", term("party_kind", terms_book.PARTY_KINDS)),
        Column("name", values.text(200)),
        Column("given_name", values.optional(values.text(100))),
        Column("family_name", values.optional(values.text(100))),
        Column("birth_date", _optional_date, shown=values.year_alone),
        Column("tax_id", values.optional(values.text(40)), shown=values.last_four),
        Column("tax_id_type", term("tax_id_type", terms_book.TAX_ID_TYPES, required=False)),
        Column("citizenship", _country),
        Column("residence", _country),
        Column("jurisdiction", values.remembering(values.optional(values.jurisdiction))),
        Column("formed_on", _optional_date),
        Column("ended_on", _optional_date),
        Column("status", values.remembering(values.defaulting(_status, "ACTIVE"))),
        Column("kyc_state", values.remembering(values.defaulting(_kyc_state, "NOT_STARTED"))),
        Column("kyc_verified_on", _optional_date),
        Column("kyc_refresh_due", _optional_date),
        Column("risk_profile", term("risk_profile", terms_book.RISK_PROFILES, required=False)),
        Column("risk_assessed_on", _optional_date),
        Column("email", values.optional(values.email)),
        Column("phone", values.optional(values.phone)),
        Column("address", values.optional(values.text(300, line_breaks=True))),
    ),
    ClientRow,
    2_000_000,
)

IDENTIFIERS: Final = FileFormat(
    "identifiers",
    (
        Column("security_key", _key),
        Column("scheme", term("scheme", terms_book.IDENTIFIER_SCHEMES)),
        Column("value", values.key),
        Column("exchange", values.remembering(values.optional(values.key))),
        Column("effective_from", _optional_date),
        Column("effective_to", _optional_date),
    ),
    IdentifierRow,
    5_000_000,
)

LIABILITIES: Final = FileFormat(
    "liabilities",
    (
        Column("external_id", values.own_key),
        Column("household_external_id", _key),
        Column("name", values.text(200)),
        Column("kind", term("liability_kind", terms_book.LIABILITY_KINDS)),
        Column("lender", values.optional(values.text(100))),
        Column("currency", _currency),
        Column("original_amount", _optional_non_negative),
        Column("interest_rate", _optional_non_negative),
        Column("opened_on", _optional_date),
        Column("matures_on", _optional_date),
        Column("closed_on", _optional_date),
        Column("secured_account_external_id", _optional_key),
        Column("secured_security_key", _optional_key),
        Column("balance_date", _optional_date),
        Column("balance", _optional_decimal),
    ),
    LiabilityRow,
    5_000_000,
)

OWNERS: Final = FileFormat(
    "owners",
    (
        Column("account_external_id", _optional_key),
        Column("liability_external_id", _optional_key),
        Column("client_external_id", _optional_key),
        Column("role", term("role", terms_book.OWNER_ROLES)),
        Column("share", _share),
        Column("tier", term("tier", terms_book.TIERS, required=False)),
        Column("is_per_stirpes", values.remembering(values.optional(values.boolean))),
        Column("effective_from", _optional_date),
        Column("effective_to", _optional_date),
        Column("name", _optional_name, in_header=False),
    ),
    OwnerRow,
    5_000_000,
)

RELATIONSHIPS: Final = FileFormat(
    "relationships",
    (
        Column("client_external_id", _key),
        Column("kind", term("relationship_kind", terms_book.RELATIONSHIP_KINDS)),
        Column("related_external_id", _optional_key),
        Column("household_external_id", _optional_key),
        Column("member_role", term("member_role", terms_book.MEMBER_ROLES, required=False)),
        Column("share", _share),
        Column("effective_from", _optional_date),
        Column("effective_to", _optional_date),
    ),
    RelationshipRow,
    5_000_000,
)

LOTS: Final = FileFormat(
    "lots",
    (
        Column("external_id", values.own_key),
        Column("account_external_id", _key),
        Column("security_key", _key),
        Column("as_of", _date),
        Column("acquired_on", _optional_date),
        Column("quantity", values.decimal),
        Column("cost_basis", _optional_non_negative),
        Column("currency", _currency),
        Column("related_external_id", values.optional(values.key)),
    ),
    LotRow,
    20_000_000,
)

CORPORATE_ACTIONS: Final = FileFormat(
    "corporate_actions",
    (
        Column("external_id", values.own_key),
        Column("security_key", _key),
        Column("type", term("corporate_action_type", terms_book.CORPORATE_ACTION_TYPES)),
        Column("ex_date", _date),
        Column("record_date", _optional_date),
        Column("pay_date", _optional_date),
        Column("ratio_new", _optional_positive),
        Column("ratio_old", _optional_positive),
        Column("cash_amount", _optional_positive),
        Column("currency", values.remembering(values.optional(values.currency))),
        Column("other_security_key", _optional_key),
        Column("new_value", values.optional(values.key)),
        Column("description", values.optional(values.text(500, line_breaks=True))),
        *optional_columns(
            ("basis_fraction", _share),
            ("is_taxable", values.remembering(values.optional(values.boolean))),
            ("cash_in_lieu_price", _optional_positive),
            ("fractions", term("fractions", terms_book.FRACTION_RULES, required=False)),
        ),
    ),
    CorporateActionRow,
    2_000_000,
)

CUSTODIAN_POSITIONS: Final = FileFormat(
    "custodian_positions",
    (
        Column("account_external_id", _key),
        Column("date", _date),
        Column("security_key", _optional_key),
        Column("custodian_key", values.remembering(values.optional(values.key))),
        Column("currency", _currency),
        Column("quantity", values.decimal),
        Column("price", _optional_non_negative),
        Column("market_value", _optional_decimal),
        Column("cost_basis", _optional_decimal),
    ),
    CustodianPositionRow,
    20_000_000,
)

CUSTODIAN_LOTS: Final = FileFormat(
    "custodian_lots",
    (
        Column("account_external_id", _key),
        Column("date", _date),
        Column("security_key", _key),
        Column("custodian_key", values.remembering(values.optional(values.key))),
        Column("acquired_on", _optional_date),
        Column("quantity", values.decimal),
        Column("cost_basis", _optional_decimal),
        Column("currency", _currency),
    ),
    CustodianLotRow,
    20_000_000,
)

BOOK_FILES: Final[dict[str, FileFormat[Any]]] = {
    "clients": CLIENTS,
    "identifiers": IDENTIFIERS,
    "liabilities": LIABILITIES,
    "owners": OWNERS,
    "relationships": RELATIONSHIPS,
    "lots": LOTS,
    "corporate_actions": CORPORATE_ACTIONS,
    "custodian_positions": CUSTODIAN_POSITIONS,
    "custodian_lots": CUSTODIAN_LOTS,
}
"""The further files, in the order in which they are read."""
