"""From typed rows to lines of COPY text, one anonymous file per staging table.

The validation reads the bundle once, as a stream; on its way every row gets its ids, its content hash and its
normalised names, and is written out. Memory holds keys and ids of households, accounts and securities only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from wealthnexus.domain.bundle import (
    AccountRow,
    Bundle,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    RowProblem,
    RowStream,
    SecurityRow,
    TransactionRow,
    signed_units,
)
from wealthnexus.domain.bundle.format import FileFormat, R
from wealthnexus.domain.bundle.rules import ADDS_UNITS, SIGNED
from wealthnexus.domain.clients.names import normalised, words
from wealthnexus.domain.feeds.importer.known import Known, KnownAccount
from wealthnexus.domain.feeds.importer.spool_book import BookSpool, digest, plain
from wealthnexus.domain.feeds.importer.tables import STAGES, escaped, line_of
from wealthnexus.domain.ledger.content import LATER, SEPARATOR, PlainDays, content_hash, plain_number
from wealthnexus.kit.crypto import Place, encrypt, lookup_hash
from wealthnexus.kit.ids import new_id, new_id_hexes

LOT_METHOD_DEFAULT: Final = "FIFO"
AMOUNT_PLACES: Final = 8
_UNITS_AS_GIVEN: Final = ADDS_UNITS | SIGNED
_NOTHING_MORE: Final = SEPARATOR * len(LATER)
_UNSAID: Final = (None,) * len(LATER)
_BUFFER_BYTES: Final = 1 << 18
_IDS_AT_ONCE: Final = 512


class Spool:
    """Where staged lines wait until the whole bundle has been judged. Closing it removes everything."""

    def __init__(
        self,
        known: Known,
        source: str,
        *,
        tenant_id: UUID,
        firm_key: bytes,
        lookup_key: bytes,
        folder: Path | None = None,
    ) -> None:
        self.known = known
        self._source = source
        self.problems: list[RowProblem] = []
        """What the ledger cannot keep although the bundle's format allows it."""
        self.problem_count = 0
        self.expirations = 0
        self.carried_out = 0
        """Transactions that name their corporate action."""
        self._tenant_id = tenant_id
        self._firm_key = firm_key
        self._lookup_key = lookup_key
        self._accounts_staged: set[UUID] = set()
        self.book = BookSpool(self, tenant_id=tenant_id, firm_key=firm_key, lookup_key=lookup_key)
        self._days = PlainDays()
        self._ids = _ids()
        self._security_hexes: dict[str, str] = {}
        self._files: dict[str, IO[bytes]] = {
            # Without a name: nothing stays behind a killed process. Closed by ``close``.
            table: tempfile.TemporaryFile(buffering=_BUFFER_BYTES, dir=folder)  # noqa: SIM115
            for table in STAGES
        }
        self._transactions = self._files["stage_transactions"]
        self._counts = dict.fromkeys(STAGES, 0)

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def count(self, table: str) -> int:
        """Lines staged for ``table``."""
        return self._counts[table]

    def size(self, table: str) -> int:
        """Bytes staged for ``table``."""
        return self._files[table].tell()

    def file(self, table: str) -> IO[bytes]:
        """The staged lines, from the start."""
        file = self._files[table]
        file.seek(0)
        return file

    def writer_of(self, name: str) -> Callable[[Any], None]:
        """What takes the rows of a file of the bundle."""
        writers: dict[str, Callable[[Any], None]] = {
            "households": self._household,
            "accounts": self._account,
            "securities": self._security,
            "prices": self._price,
            "fx_rates": self._fx_rate,
            "transactions": self._transaction,
        }
        return writers.get(name) or self.book.writer_of(name)

    def put(self, table: str, *values: object) -> None:
        self._files[table].write(line_of(values).encode())
        self._counts[table] += 1

    def put_words(self, subject_id: UUID, kind: str, *texts: str | None) -> None:
        for word in words(*texts):
            self.put("stage_words", word, subject_id, kind)

    # -- households and accounts ---------------------------------------------------------------------------

    def _household(self, row: HouseholdRow) -> None:
        id_ = self._household_id(row.external_id)
        # What was added to the format later is hashed only when it is given.
        said = digest(row.external_id, row.name, *filter(None, (row.left_on,)))
        self.put(
            "stage_households", row.line, id_, row.external_id, row.name, normalised(row.name), row.left_on,
            said,
        )  # fmt: skip
        self.put_words(id_, "HOUSEHOLD", row.name, row.external_id)

    def _household_id(self, external_id: str) -> UUID:
        id_ = self.known.households.get(external_id)
        if id_ is None:
            id_ = self.known.households[external_id] = new_id()
        return id_

    def _account(self, row: AccountRow) -> None:
        account = self._account_of(row)
        household_id = self.known.households.get(row.household_external_id or "")
        if household_id is not None:
            self.put(
                "stage_members", row.line, new_id(), account.id, household_id, row.member_from, row.member_to
            )
        if account.id in self._accounts_staged:
            return  # a further household of the same account
        self._accounts_staged.add(account.id)
        number = row.account_number
        number_hash = last4 = sealed = None
        if number is not None:
            number_hash = lookup_hash(self._lookup_key, number)
            last4 = number[-4:]
            place = Place(self._tenant_id, "accounts", "account_number", account.id)
            sealed = encrypt(self._firm_key, number.encode(), place)
        lot_method = row.lot_method or LOT_METHOD_DEFAULT
        said: tuple[object, ...] = (
            row.external_id, row.name, row.account_type, row.tax_status, row.custodian, row.currency,
            row.opened_on, lot_method, None if number_hash is None else number_hash.hex(),
        )  # fmt: skip
        later = (row.closed_on, row.has_margin, row.custodianship_ends_on)
        if any(value is not None for value in later):
            said = (*said, *later)
        self.put(
            "stage_accounts", row.line, account.id, account.portfolio_id, row.external_id, sealed,
            number_hash, last4, row.name, normalised(row.name), row.account_type, row.tax_status,
            row.custodian, row.currency, row.opened_on, lot_method, *later, digest(*said),
        )  # fmt: skip
        self.put_words(account.id, "ACCOUNT", row.name, row.external_id, last4)

    def _account_of(self, row: AccountRow) -> KnownAccount:
        account = self.known.accounts.get(row.external_id)
        if account is None:
            account = KnownAccount(new_id(), new_id(), row.currency, row.account_type)
            self.known.accounts[row.external_id] = account
        return account

    # -- securities and prices -----------------------------------------------------------------------------

    def _security_id(self, key: str) -> UUID:
        id_ = self.known.securities.get(key)
        if id_ is None:
            id_ = self.known.securities[key] = new_id()
        return id_

    def _security(self, row: SecurityRow) -> None:
        id_ = self._security_id(row.security_key)
        underlying_id = None if row.underlying_key is None else self._security_id(row.underlying_key)
        said = (
            row.security_key, row.symbol, row.exchange, row.cusip, row.isin, row.sedol, row.figi, row.name,
            row.security_type, row.asset_class, row.sub_asset_class, row.currency,
            plain(row.price_multiplier), row.underlying_key, row.option_type, plain(row.strike),
            row.expiry, plain(row.contract_size), plain(row.coupon), row.maturity, row.day_count,
            row.payments_per_year,
        )  # fmt: skip
        self.put(
            "stage_securities", row.line, id_, row.security_key, row.name, normalised(row.name), row.symbol,
            row.exchange, row.security_type, row.asset_class, row.sub_asset_class, row.currency,
            row.price_multiplier, underlying_id, row.option_type, row.strike, row.expiry, row.contract_size,
            row.coupon, row.maturity, row.day_count, row.payments_per_year, digest(*said),
        )  # fmt: skip
        for scheme, value, exchange in (
            ("SYMBOL", row.symbol, row.exchange),
            ("CUSIP", row.cusip, None),
            ("ISIN", row.isin, None),
            ("SEDOL", row.sedol, None),
            ("FIGI", row.figi, None),
        ):
            if value is not None:
                self.put("stage_identifiers", new_id(), id_, scheme, value, exchange)
        self.put_words(
            id_, "SECURITY", row.name, row.security_key, row.symbol, row.cusip, row.isin, row.sedol, row.figi
        )

    def _price(self, row: PriceRow) -> None:
        security_id = self.known.securities.get(row.security_key)
        if security_id is not None:  # else the validation says so
            self.put(
                "stage_prices", row.line, security_id, row.date, row.open, row.high, row.low, row.close,
                row.volume, row.source or self._source,
            )  # fmt: skip

    def _fx_rate(self, row: FxRateRow) -> None:
        self.put(
            "stage_fx_rates", row.line, row.base, row.quote, row.date, row.rate, row.source or self._source
        )

    # -- transactions --------------------------------------------------------------------------------------

    def _transaction(self, row: TransactionRow) -> None:
        account = self.known.accounts.get(row.account_external_id)
        if account is None:
            return  # the validation says so
        kind, day = row.type, self._days.of
        quantity, traded = plain_number(row.quantity), day(row.trade_date)
        amount, fees = plain_number(row.amount), plain_number(row.fees)
        accrued = plain_number(row.accrued_interest)
        for column, number in (("amount", amount), ("fees", fees), ("accrued_interest", accrued)):
            if "." in number and len(number) - number.index(".") - 1 > AMOUNT_PLACES:
                self._refuse_places(row, column)
        if kind == "EXPIRATION":
            self.expirations += 1
            units = ""  # only the holding says in which direction
        elif row.quantity is None or kind in _UNITS_AS_GIVEN:
            units = quantity or "0"
        else:
            units = plain_number(signed_units(kind, row.quantity))
        content = SEPARATOR.join(
            (
                account.hex,
                kind,
                traded,
                day(row.settlement_date) or traded,
                "" if row.security_key is None else self._security_hex(row.security_key),
                quantity,
                plain_number(row.price),
                amount,
                fees,
                row.currency,
                accrued,
                row.lot_selection or "",
                row.related_external_id or "",
                row.description or "",
            )
        )
        later = self._later(row)
        portfolio = account.portfolio_hex if row.sleeve is None else self._sleeve(account, row.sleeve)
        hashed = content_hash((content if later == _NOTHING_MORE else content + later).encode())
        self._transactions.write(
            escaped(
                f"{row.line}\x1f{next(self._ids)}\x1f{row.external_id}\x1f{portfolio}\x1f{units}"
                f"\x1f{hashed}\x1f{content}{later}"
            ).encode()
            + b"\n"
        )
        self._counts["stage_transactions"] += 1

    def _sleeve(self, account: KnownAccount, name: str) -> str:
        """By its name within the account; one that nobody knows is made."""
        known = (account.sleeves or {}).get(name)
        if known is not None:
            return known
        id_ = new_id()
        self.put("stage_sleeves", id_, account.id, name)
        return account.add_sleeve(name, id_)

    def _later(self, row: TransactionRow) -> str:
        """What few sources say, each text after a separator."""
        action, order, rate = row.corporate_action_external_id, row.order_reference, row.exchange_rate
        billed_key, is_deep = row.billed_account_external_id, row.is_deep_in_the_money
        if (action, order, rate, billed_key, is_deep) == _UNSAID:
            return _NOTHING_MORE
        self.carried_out += action is not None
        billed = None if billed_key is None else self.known.accounts.get(billed_key)
        texts = (
            action or "",
            order or "",
            plain_number(rate),
            "" if billed is None else billed.hex,  # an account nobody knows: the validation says so
            "" if is_deep is None else "t" if is_deep else "f",
        )
        return "".join(SEPARATOR + text for text in texts)

    def _security_hex(self, key: str) -> str:
        """Empty for a security nobody knows: the validation says so."""
        text = self._security_hexes.get(key)
        if text is None:
            id_ = self.known.securities.get(key)
            text = self._security_hexes[key] = "" if id_ is None else id_.hex
        return text

    def _refuse_places(self, row: TransactionRow, column: str) -> None:
        value: Decimal = getattr(row, column)
        self._refuse(row.line, column, format(value, "f"), f"expected at most {AMOUNT_PLACES} decimal places")

    def _refuse(self, line: int, column: str, value: str, expectation: str) -> None:
        self.refuse(RowProblem("transactions.csv", line, column, value, expectation))

    def refuse(self, problem: RowProblem) -> None:
        """What the books cannot keep."""
        self.problem_count += 1
        if len(self.problems) < 1_000:
            self.problems.append(problem)


def _ids() -> Iterator[str]:
    while True:
        yield from new_id_hexes(_IDS_AT_ONCE)


class SpooledBundle(Bundle):
    """The bundle, whose rows are also written to the spool while they are first read."""

    def __init__(self, bundle: Bundle, spool: Spool) -> None:
        self.__dict__.update(bundle.__dict__)
        self._inner = bundle
        self._spool = spool
        self._begun: set[str] = set()

    def stream(self, file_format: FileFormat[R]) -> RowStream[R]:
        stream = self._inner.stream(file_format)
        if file_format.name in self._begun:
            return stream  # read again only to explain problems
        self._begun.add(file_format.name)
        return _SpooledStream(stream, self._spool.writer_of(file_format.name))


class _SpooledStream(RowStream[R]):
    """A row stream that hands every typed row on before it yields it."""

    def __init__(self, inner: RowStream[R], write: Callable[[R], None]) -> None:
        self._wrapped = inner
        self._write = write
        self.file_format = inner.file_format
        self.bytes_total = inner.bytes_total

    @property
    def rows_read(self) -> int:  # type: ignore[override]
        return self._wrapped.rows_read

    @property
    def bytes_read(self) -> int:
        return self._wrapped.bytes_read

    def __iter__(self) -> Iterator[R | RowProblem]:
        write = self._write
        for item in self._wrapped:
            if not isinstance(item, RowProblem):
                write(item)
            yield item
