"""The parser against everything: any bytes give rows or problems, and what is written is what is read."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.bundle import (
    FILES,
    TRANSACTION_TYPES,
    AccountRow,
    BundleHeader,
    BundleRefused,
    ClientRow,
    CustodianPositionRow,
    FxRateRow,
    HouseholdRow,
    KnownKeys,
    LotRow,
    OwnerRow,
    PriceRow,
    Row,
    RowProblem,
    SecurityRow,
    TransactionRow,
    open_bundle,
    terms,
    validate,
    write_bundle,
)

from tests.support.bundles import write_folder
from tests.support.whole_bundle import WHOLE as SOUND

pytestmark = pytest.mark.unit

AS_OF = date(2021, 3, 31)

keys = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=20,
).filter(lambda key: key[0] != "[")
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30
).filter(lambda text: not text.isspace())
decimals = st.decimals(
    min_value=-(10**17), max_value=10**17, places=10, allow_nan=False, allow_infinity=False
).map(lambda value: value if value else Decimal(0))
positive = decimals.map(abs).filter(bool)
dates = st.dates(date(1900, 1, 1), AS_OF)
currencies = st.sampled_from(["USD", "EUR", "GBP", "JPY", "CHF"])
nothing = st.none()
line = st.just(0)

household_rows = st.builds(HouseholdRow, line, keys, names)
account_rows = st.builds(
    AccountRow, line, keys, keys, nothing | keys, names, st.sampled_from(sorted(terms.ACCOUNT_TYPES)),
    st.sampled_from(sorted(terms.TAX_STATUSES)), nothing | names, currencies, nothing | dates,
    nothing | st.sampled_from(sorted(terms.LOT_METHODS)),
)  # fmt: skip
security_rows = st.builds(
    SecurityRow, line, keys, nothing | keys, nothing | keys, nothing | st.just("037833100"),
    nothing | st.just("US0378331005"), nothing | st.just("2046251"), nothing | st.just("BBG000B9XRY4"), names,
    st.sampled_from(sorted(set(terms.SECURITY_TYPES) - {"OPTION"})),
    st.sampled_from(sorted(terms.ASSET_CLASSES)),
    nothing | names, currencies, positive, nothing, nothing, nothing, nothing | dates, nothing | positive,
    nothing | positive, nothing | dates, nothing | st.sampled_from(sorted(terms.DAY_COUNTS)),
    nothing | st.integers(0, 12),
)  # fmt: skip
price_rows = st.builds(
    PriceRow, line, keys, dates, nothing, nothing, nothing, positive | st.just(Decimal(0)), nothing | positive
)
# A rate has at most 14 digits before its point.
rates = positive.filter(lambda rate: rate < Decimal(10) ** 14)
fx_rows = st.builds(FxRateRow, line, st.just("EUR"), st.sampled_from(["USD", "GBP"]), dates, rates)
transaction_rows = st.builds(
    lambda day, settles, kind, quantity, amount, *rest: TransactionRow(
        0, rest[0], rest[1], kind, day, max(day, settles) if settles else None,
        rest[2] if kind == "JOURNAL" else None, quantity if kind == "JOURNAL" else None, rest[3],
        amount, rest[4], rest[5], rest[6], rest[7], rest[8], rest[9],
    ),
    dates, nothing | dates, st.sampled_from(["JOURNAL", "INTEREST", "EXPENSE", "TAX"]), decimals.filter(bool),
    decimals.filter(bool), keys, keys, keys, nothing | positive, positive | st.just(Decimal(0)), currencies,
    nothing | names, nothing | keys, nothing | decimals, nothing | names,
)  # fmt: skip

shares = st.decimals(Decimal("0.000000000001"), 1, places=12)
references = keys | st.tuples(names, keys).map(lambda parts: f"[{parts[0]}]{parts[1]}").filter(
    str.isprintable
)
client_rows = st.builds(
    ClientRow, line, keys, st.just("PERSON"), names, nothing | names, nothing | names, nothing | dates,
    st.just("123-45-6789"), st.just("SSN"), st.sampled_from([None, "US", "GB"]), nothing, nothing, nothing,
    nothing | dates, st.sampled_from(["ACTIVE", "DECEASED"]), st.just("VERIFIED"), st.just(AS_OF), nothing,
    st.sampled_from([None, "MODERATE"]), nothing | dates, st.just("a.b@example.com"), st.just("+1 555 0100"),
    nothing | names,
)  # fmt: skip
owner_rows = st.builds(
    OwnerRow, line, references, nothing, references, st.just("OWNER"), nothing | shares, nothing, nothing,
    nothing | dates, nothing, nothing,
) | st.builds(
    OwnerRow, line, references, nothing, nothing | references, st.just("BENEFICIARY"), shares,
    st.sampled_from(["PRIMARY", "CONTINGENT"]), st.booleans(), nothing, nothing | dates, names,
)  # fmt: skip
lot_rows = st.builds(
    LotRow, line, keys, references, references, st.just(AS_OF), nothing | dates, decimals.filter(bool),
    nothing | positive, currencies, nothing | keys,
)  # fmt: skip
position_rows = st.builds(
    CustodianPositionRow, line, references, dates, references, nothing | keys, currencies, decimals,
    nothing | positive, nothing | decimals, nothing | decimals,
)  # fmt: skip

bundles = st.fixed_dictionaries(
    {
        "households": st.lists(household_rows, max_size=5),
        "accounts": st.lists(account_rows, max_size=5),
        "securities": st.lists(security_rows, max_size=5),
        "prices": st.lists(price_rows, max_size=5),
        "fx_rates": st.lists(fx_rows, max_size=5),
        "transactions": st.lists(transaction_rows, max_size=5),
        "clients": st.lists(client_rows, max_size=5),
        "owners": st.lists(owner_rows, max_size=5),
        "lots": st.lists(lot_rows, max_size=5),
        "custodian_positions": st.lists(position_rows, max_size=5),
    }
)


def without_lines(row: Row | RowProblem) -> object:
    assert not isinstance(row, RowProblem), row.message
    return type(row), tuple(getattr(row, name) for name in type(row).__slots__ if name != "line")


@settings(max_examples=150, deadline=None)
@given(bundles, st.booleans())
def test_what_is_written_is_what_is_read(files: dict[str, list[Row]], zipped: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / ("bundle.zip" if zipped else "bundle")
        header = BundleHeader("Property tests", AS_OF)
        counts = write_bundle(out, header, files)
        assert counts == {name: len(files.get(name, ())) for name in FILES}
        with open_bundle(out) as bundle:
            assert bundle.header == header
            for name, rows in files.items():
                read = list(bundle.rows(name))
                assert [without_lines(row) for row in read] == [without_lines(row) for row in rows]


@settings(max_examples=30, deadline=None)
@given(bundles)
def test_the_same_rows_make_the_same_bytes(files: dict[str, list[Row]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "1.zip", Path(folder) / "2.zip"
        for out in (one, other):
            write_bundle(out, BundleHeader("Property tests", AS_OF), files)
        assert one.read_bytes() == other.read_bytes()


def validated(files: dict[str, bytes]) -> None:
    """Open and validate; whatever it is, it ends in a refusal or a report with sound counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_folder(Path(folder) / "b", dict(files))
        try:
            bundle = open_bundle(path)
        except BundleRefused:
            return
        with bundle:
            report = validate(bundle, KnownKeys())
        assert report.problem_count >= len(report.problems)
        for problem in report.problems:
            assert problem.message.startswith(problem.file)
            assert problem.message.isprintable()
        json.dumps(report.as_dict())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=400))
def test_any_bytes_give_a_report(name: str, content: bytes) -> None:
    validated({f"{name}.csv": content})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=300))
def test_any_bytes_after_a_sound_file_give_a_report(name: str, content: bytes) -> None:
    validated({f"{name}.csv": SOUND[f"{name}.csv"].encode() + content})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_header_bytes_give_a_report(content: bytes) -> None:
    validated({"bundle.json": content})


cells = st.one_of(
    keys, names, decimals.map(lambda value: format(value, "f")), dates.map(str), currencies,
    st.sampled_from(TRANSACTION_TYPES),
    st.sampled_from(["", "A1", "T3", "AAPL", "NaN", "1e5", "\x00", "\ud7ff", '"', "0"]),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(cells, min_size=15, max_size=15), max_size=4))
def test_any_cells_give_a_report(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    content = SOUND["transactions.csv"] + text.getvalue()
    validated({"transactions.csv": content.encode("utf-8", "surrogatepass")})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_zip_with_flipped_bytes_is_refused_or_read(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bundle.json", '{"format_version": 1, "source": "x", "as_of": "2021-03-31"}')
            for name, content in SOUND.items():
                archive.writestr(name, content)
        raw = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(raw)
        try:
            bundle = open_bundle(path)
        except BundleRefused:
            return
        with bundle:
            report = validate(bundle, KnownKeys())
            assert report.row_counts.keys() == FILES.keys()
