"""Judging a whole bundle before anything of it is written: every row, and what rows say of one another.

Uniqueness and references over millions of rows are kept as 64-bit hashes, eight bytes a row; only when a
hash repeats or is missing is the file read a second time, and the verdict then comes from the real keys.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from .archive import Bundle
from .format import (
    ACCOUNTS,
    FILES,
    FX_RATES,
    HOUSEHOLDS,
    PRICES,
    SECURITIES,
    TRANSACTIONS,
    AccountRow,
    FileFormat,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    R,
    SecurityRow,
    TransactionRow,
)
from .report import OPEN_REFERENCES_MAX, OpenReference, Report, RowProblem
from .rules import CHARGES, warn_transaction
from .tallies import Dividends, Hashes
from .validate_book import BookJudge
from .walking import KnownKeys, KnownOwnership, Progress, Walker

__all__ = ["KnownKeys", "KnownOwnership", "Progress", "validate"]


def validate(bundle: Bundle, known: KnownKeys, progress: Progress | None = None) -> Report:
    """Read the whole bundle and judge it: rows by themselves, unique keys, references, reinvestments.

    Nothing is raised for a bad bundle: the report lists up to 1,000 problems and counts all. Order of the
    files is that of ``format.FILES``; inside a file it is the order of the lines, second-pass findings last.
    """
    return _Validation(bundle, known, progress or _no_progress).run()


def _without_null(*key: object) -> tuple[object, ...]:
    """The key without its last part when that is null: most rows are of the bundle's own source."""
    return key if key[-1] is not None else key[:-1]


def _no_progress(_file: str, _rows: int, _bytes_read: int, _bytes_total: int) -> None:
    return None


class _Validation(Walker):
    def __init__(self, bundle: Bundle, known: KnownKeys, progress: Progress) -> None:
        super().__init__(bundle, known, progress)
        self.households: set[str] = set()
        self.accounts: dict[str, tuple[str | None, date | None]] = {}
        """External id: currency (None when the row itself was refused) and opening date."""
        self.account_types: dict[str, str] = {}
        self.securities: set[str] = set()

    def run(self) -> Report:
        for note in self.bundle.notes:
            self.report.warn(note)
        self._households()
        self._accounts()
        self._securities()
        self._prices()
        self._fx_rates()
        self._transactions()
        BookJudge(
            self,
            households=self.households,
            accounts={key: currency for key, (currency, _opened_on) in self.accounts.items()},
            account_types=self.account_types,
            securities=self.securities,
        ).run()
        return self.report

    # -- households, accounts, securities: held whole ------------------------------------------------------

    def _households(self) -> None:
        lines: dict[str, int] = {}

        def judge(row: HouseholdRow) -> None:
            first = lines.setdefault(row.external_id, row.line)
            if first != row.line:
                self.repeated("households", row.line, "external_id", row.external_id, first)

        self.walk(HOUSEHOLDS, judge, self.households.add)
        self.households.update(lines)

    def _accounts(self) -> None:
        first_rows: dict[str, AccountRow] = {}
        memberships: set[tuple[str, str | None, date | None]] = set()

        def judge(row: AccountRow) -> None:
            if row.household_external_id is None:
                if not self.bundle.header.is_export:
                    self.refuse(
                        "accounts", row.line, "household_external_id", "", "expected the household's key"
                    )
            elif row.household_external_id not in self.households and (
                row.household_external_id not in self.known.households
            ):
                self.refuse(
                    "accounts",
                    row.line,
                    "household_external_id",
                    row.household_external_id,
                    "no such household in households.csv or in the book",
                )
            first = first_rows.setdefault(row.external_id, row)
            membership = (row.external_id, row.household_external_id, row.member_from)
            if first is not row:
                if membership in memberships:
                    self.repeated("accounts", row.line, "external_id", row.external_id, first.line)
                else:
                    self._judge_second_household(row, first)
            memberships.add(membership)
            kept = self.known.accounts.get(row.external_id)
            if kept is not None and kept != row.currency:
                self.refuse(
                    "accounts",
                    row.line,
                    "currency",
                    row.currency,
                    f"the account is kept in {kept}; the currency of an account does not change",
                )
            self.accounts[row.external_id] = (row.currency, row.opened_on)
            self.account_types[row.external_id] = row.account_type

        def refused(key: str) -> None:
            self.accounts.setdefault(key, (None, None))

        self.walk(ACCOUNTS, judge, refused)

    def _judge_second_household(self, row: AccountRow, first: AccountRow) -> None:
        """The second row of an account of two households differs by the household alone."""
        for column in FILES["accounts"].column_names:
            value, expected = getattr(row, column), getattr(first, column)
            if column not in _OF_THE_MEMBERSHIP and value != expected:
                self.refuse(
                    "accounts",
                    row.line,
                    column,
                    None if value is None else str(value),
                    f'expected "{"" if expected is None else expected}" as on line {first.line}: '
                    "the rows of one account differ by household only",
                )

    def _securities(self) -> None:
        lines: dict[str, int] = {}
        underlyings: list[tuple[int, str]] = []

        def judge(row: SecurityRow) -> None:
            first = lines.setdefault(row.security_key, row.line)
            if first != row.line:
                self.repeated("securities", row.line, "security_key", row.security_key, first)
            if row.underlying_key is not None:
                underlyings.append((row.line, row.underlying_key))

        self.walk(SECURITIES, judge, self.securities.add)
        self.securities.update(lines)
        for line, underlying in underlyings:
            if not self._is_security(underlying):
                self.refuse("securities", line, "underlying_key", underlying, _NO_SECURITY)

    def _is_security(self, security_key: str) -> bool:
        return security_key in self.securities or security_key in self.known.securities

    # -- prices and rates: held as hashes ------------------------------------------------------------------

    def _prices(self) -> None:
        hashes = Hashes()
        add, is_security = hashes.add, self._is_security

        def judge(row: PriceRow) -> None:
            if not is_security(row.security_key):
                self.refuse("prices", row.line, "security_key", row.security_key, _NO_SECURITY)
            if row.source is None:
                add(hash((row.security_key, row.date)))
            else:
                add(hash((row.security_key, row.date, row.source)))
                self._judge_source("prices", row.line, row.source)

        self.walk(PRICES, judge)
        self._explain_repeats(
            PRICES,
            hashes,
            lambda row: _without_null(row.security_key, row.date, row.source),
        )

    def _fx_rates(self) -> None:
        hashes = Hashes()
        add = hashes.add

        def judge(row: FxRateRow) -> None:
            add(hash(_without_null(row.base, row.quote, row.date, row.source)))
            if row.source is not None:
                self._judge_source("fx_rates", row.line, row.source)

        self.walk(FX_RATES, judge)
        self._explain_repeats(
            FX_RATES,
            hashes,
            lambda row: _without_null(row.base, row.quote, row.date, row.source),
        )

    def _judge_source(self, name: str, line: int, source: str) -> None:
        """What people enter is entered by people; only an export brings it back."""
        if source == "MANUAL" and not self.bundle.header.is_export:
            self.refuse(name, line, "source", source, "expected another source: MANUAL is what people enter")

    def _explain_repeats(
        self, file_format: FileFormat[R], hashes: Hashes, key_of: Callable[[R], tuple[object, ...]]
    ) -> None:
        """Second pass over a file, only when a hash repeats: name the lines whose key really does."""
        repeated, _missing = hashes.repeated_and_missing(set())
        if not repeated:
            return
        lines: dict[tuple[object, ...], int] = {}
        for row in self.bundle.stream(file_format):
            if isinstance(row, RowProblem):
                continue
            key = key_of(row)
            if hash(key) not in repeated:
                continue
            first = lines.setdefault(key, row.line)
            if first != row.line:
                self.repeated(file_format.name, row.line, "date", " ".join(map(str, key)), first)

    # -- transactions ----------------------------------------------------------------------------------------

    def _transactions(self) -> None:
        hashes = Hashes()
        related: set[int] = set()
        reinvested: set[int] = set()
        dividends: dict[int, Dividends] = {}
        add = hashes.add

        def judge(row: TransactionRow) -> None:
            add(hash(row.external_id))
            self._judge_links(row)
            if row.type == "DIVIDEND":
                pair = hash((row.account_external_id, row.security_key))
                paid = dividends.get(pair)
                if paid is None:
                    paid = dividends[pair] = Dividends()
                paid.add(row.external_id, row.trade_date, row.amount)
            elif row.type == "REINVEST":
                pair = hash((row.account_external_id, row.security_key))
                if not self._judge_reinvest(row, dividends.get(pair)):
                    reinvested.add(hash(row.related_external_id))
                    related.add(hash(row.related_external_id))
                return
            if row.related_external_id is not None:
                related.add(hash(row.related_external_id))

        self.walk(TRANSACTIONS, judge)
        repeated, missing = hashes.repeated_and_missing(related)
        if repeated or missing or reinvested:
            self._explain_transactions(repeated, missing, reinvested - missing)

    def _judge_links(self, row: TransactionRow) -> None:
        """Account, its currency and opening, and security of a transaction."""
        account = self.accounts.get(row.account_external_id)
        if account is not None:
            currency, opened_on = account
        else:
            currency, opened_on = self.known.accounts.get(row.account_external_id), None
            if currency is None:
                self.refuse(
                    "transactions",
                    row.line,
                    "account_external_id",
                    row.account_external_id,
                    "no such account in accounts.csv or in the book",
                )
        if currency is not None and currency != row.currency:
            self.refuse(
                "transactions",
                row.line,
                "currency",
                row.currency,
                f"expected {currency}, the currency of account {row.account_external_id}: "
                "the amount is the cash effect in the account's currency",
            )
        billed = row.billed_account_external_id
        if billed is not None and billed not in self.accounts and billed not in self.known.accounts:
            expectation = "no such account in accounts.csv or in the book"
            self.refuse("transactions", row.line, "billed_account_external_id", billed, expectation)
        security_key = row.security_key
        if security_key is not None and not self._is_security(security_key):
            self.refuse("transactions", row.line, "security_key", security_key, _NO_SECURITY)
        if opened_on is not None and row.trade_date < opened_on:
            self._warn(
                row, "trade_date", str(row.trade_date), f"before the account was opened on {opened_on}"
            )
        if row.type in CHARGES:
            for column, unusual in warn_transaction(row):
                self._warn(row, column, format(row.amount, "f"), unusual)

    def _warn(self, row: TransactionRow, column: str, value: str, remark: str) -> None:
        self.report.warn(RowProblem("transactions.csv", row.line, column, value, remark))

    def _judge_reinvest(self, row: TransactionRow, dividends: Dividends | None) -> bool:
        """Whether the row could be judged: False asks the second pass for the dividend it names."""
        amount = -row.amount
        if row.related_external_id is not None:
            found = dividends.by_id(row.related_external_id) if dividends else None
            if found is None:
                return False
        else:
            found = dividends.by_amount(amount) if dividends else None
            found = found or (dividends.latest if dividends else None)
        if found is None:
            self._refuse_reinvest(
                row,
                f"expected a DIVIDEND of {row.security_key} in account {row.account_external_id} before it, "
                "or its external_id in related_external_id",
            )
        elif found.amount != amount:
            expected = format(-found.amount, "f")
            self._refuse_reinvest(row, f"expected {expected}, the opposite of DIVIDEND {found.external_id}")
        elif dividends is not None:
            dividends.reinvest(found)
        return True

    def _refuse_reinvest(self, row: TransactionRow, expectation: str) -> None:
        self.refuse("transactions", row.line, "amount", format(row.amount, "f"), f"REINVEST: {expectation}")

    def _explain_transactions(self, repeated: set[int], missing: set[int], reinvested: set[int]) -> None:
        """Second pass: name the rows whose key repeats, whose reference is missing or is no such dividend."""
        lines: dict[str, int] = {}
        named: dict[str, TransactionRow] = {}
        later: list[TransactionRow] = []
        for row in self.bundle.stream(TRANSACTIONS):
            if isinstance(row, RowProblem):
                continue
            own = hash(row.external_id)
            if own in repeated:
                first = lines.setdefault(row.external_id, row.line)
                if first != row.line:
                    self.repeated("transactions", row.line, "external_id", row.external_id, first)
            if own in reinvested:
                named[row.external_id] = row
            related = row.related_external_id
            if related is None:
                continue
            if hash(related) in missing:
                self._judge_missing_reference(row, related)
            elif row.type == "REINVEST" and hash(related) in reinvested:
                if related in named:
                    self._judge_named_dividend(row, named[related])
                else:
                    later.append(row)
        for row in later:
            self._judge_named_dividend(row, named.get(row.related_external_id or ""))

    def _judge_named_dividend(self, row: TransactionRow, named: TransactionRow | None) -> None:
        """The transaction a REINVEST names is a DIVIDEND of its account and security, and its opposite."""
        if named is None:
            return  # its own row was refused, and that is reported
        if named.type != "DIVIDEND" or (named.account_external_id, named.security_key) != (
            row.account_external_id,
            row.security_key,
        ):
            self.refuse(
                "transactions",
                row.line,
                "related_external_id",
                row.related_external_id,
                "REINVEST: expected a DIVIDEND of the same account and security, "
                f"line {named.line} is {named.type}",
            )
        elif named.amount != -row.amount:
            expected = format(-named.amount, "f")
            self._refuse_reinvest(row, f"expected {expected}, the opposite of DIVIDEND {named.external_id}")

    def _judge_missing_reference(self, row: TransactionRow, related: str) -> None:
        kept = self.known.transactions
        if kept is not None and related not in kept:
            self.refuse(
                "transactions",
                row.line,
                "related_external_id",
                related,
                "no such transaction in transactions.csv or in the book",
            )
            return
        if len(self.report.open_references) >= OPEN_REFERENCES_MAX:
            self.refuse(
                "transactions",
                row.line,
                "related_external_id",
                related,
                f"expected at most {OPEN_REFERENCES_MAX} references to transactions outside the bundle",
            )
            return
        self.report.open_references.append(
            OpenReference(
                row.line,
                row.type,
                related,
                row.account_external_id,
                row.security_key,
                format(row.amount, "f"),
            )
        )


_OF_THE_MEMBERSHIP: Final = frozenset({"household_external_id", "member_from", "member_to"})
_NO_SECURITY: Final = "no such security in securities.csv or in the book"
