"""Small bundles for tests: a sound one, and ways to change a cell of it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

HEADER = {"format_version": 1, "source": "Test custodian", "as_of": "2021-03-31"}

TRANSACTION_COLUMNS = (
    "external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,"
    "currency,lot_selection,related_external_id,accrued_interest,description"
)

SOUND: dict[str, str] = {
    "households.csv": "external_id,name\nH1,Whitfield Family\nH2,Castellano Family\n",
    "accounts.csv": (
        "external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,"
        "opened_on,lot_method\n"
        "A1,H1,71104471,Joint brokerage,JOINT_WITH_SURVIVORSHIP,TAXABLE,Cascade Custody,USD,2012-01-03,HIFO\n"
        "A2,H2,71105120,Custody in euros,INDIVIDUAL,TAXABLE,,EUR,,\n"
    ),
    "securities.csv": (
        "security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,"
        "currency,price_multiplier\n"
        "AAPL,AAPL,XNAS,037833100,US0378331005,2046251,BBG000B9XRY4,Apple Inc.,COMMON_STOCK,EQUITY,,USD,\n"
        "SPY,SPY,ARCX,78462F103,US78462F1030,,,SPDR S&P 500 ETF Trust,ETF,EQUITY,US large cap,USD,1\n"
    ),
    "prices.csv": (
        "security_key,date,open,high,low,close,volume\n"
        "AAPL,2021-03-30,120.11,120.4031,118.86,119.90,85671919\n"
        "AAPL,2021-03-31,121.65,123.54,121.65,122.15,109019052\n"
        "SPY,2021-03-31,,,,396.33,\n"
    ),
    "fx_rates.csv": "base,quote,date,rate\nEUR,USD,2021-03-31,1.1725\n",
    "transactions.csv": TRANSACTION_COLUMNS
    + "\n"
    + "T1,A1,DEPOSIT,2021-01-04,,,,,100000.00,,USD,,,,Opening deposit\n"
    + "T2,A1,BUY,2021-01-05,2021-01-07,AAPL,100,131.01,-13105.95,4.95,USD,,,,\n"
    + "T3,A1,DIVIDEND,2021-02-11,2021-02-11,AAPL,,,20.50,0,USD,,,,\n"
    + "T4,A1,REINVEST,2021-02-11,2021-02-11,AAPL,0.1517,135.13,-20.50,0,USD,,T3,,\n"
    + "T5,A2,DEPOSIT,2021-01-04,2021-01-04,,,,5000.00,0,EUR,,,,\n",
}


def write_folder(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """The sound bundle with some files replaced, or left out where the change is None."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes | None] = {"bundle.json": json.dumps(HEADER), **SOUND, **(changes or {})}
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def write_zip(path: Path, changes: Mapping[str, str | bytes | None] | None = None, prefix: str = "") -> Path:
    """The same as a zip, the members' names after ``prefix``."""
    files: dict[str, str | bytes | None] = {"bundle.json": json.dumps(HEADER), **SOUND, **(changes or {})}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(prefix + name, content)
    return path


def replaced(name: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The sound file ``name`` with texts replaced, each of which must occur in it."""
    content = SOUND[name]
    for old, new in changes:
        assert old in content, old
        content = content.replace(old, new)
    return {name: content}


def with_transactions(*rows: str) -> dict[str, str]:
    """The sound transactions followed by further rows."""
    return {"transactions.csv": SOUND["transactions.csv"] + "".join(row + "\n" for row in rows)}
