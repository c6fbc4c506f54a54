"""How fast lots are rebuilt from transactions, beside reading the same transactions from their file.

    python -m tests.benchmarks.lots [--households 2000] [--transactions-per-account 100]

Accounts are played one book after the other, so memory holds one account's entries and answers at a time.
Prints one line of JSON: entries, entries read and played a second of one core, the ratio, peak memory in MB.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import tempfile
import time
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.bundle import open_bundle
from wealthnexus.domain.ledger.lots import Facts, LotBook, from_bundle


def measure(households: int, transactions_per_account: int) -> dict[str, object]:
    """Write a generated bundle to a temporary folder, read it, and play every account."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bundle"
        generate_households(households, transactions_per_account, out)
        with open_bundle(out) as bundle:
            securities = {row.security_key: from_bundle.security(row) for row in bundle.rows("securities")}
            accounts = {row.external_id: from_bundle.account(row) for row in bundle.rows("accounts")}
            started = time.process_time()
            rows = list(bundle.rows("transactions"))
            read = time.process_time() - started
    entries = [from_bundle.entry(row, number) for number, row in enumerate(rows)]
    entries.sort(key=attrgetter("account", "sequence"))
    lots = gains = 0
    started = time.process_time()
    for account, its in groupby(entries, key=attrgetter("account")):
        book = LotBook(Facts({account: accounts[account]}, securities))
        book.play(its)
        lots += len(book.open_lots())
        gains += len(book.realised())
    played = time.process_time() - started
    return {
        "machine": f"{platform.machine()} {platform.python_version()}",
        "entries": len(entries),
        "open_lots": lots,
        "realised_lots": gains,
        "read_per_second": round(len(entries) / read),
        "played_per_second": round(len(entries) / played),
        "played_beside_read": round(played / read, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure rebuilding lots from transactions.")
    parser.add_argument("--households", type=int, default=2_000)
    parser.add_argument("--transactions-per-account", type=int, default=100)
    options = parser.parse_args()
    print(json.dumps(measure(options.households, options.transactions_per_account)))


if __name__ == "__main__":
    main()
