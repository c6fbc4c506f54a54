"""How fast lots are rebuilt from transactions, beside reading the same transactions from their file.

    python -m tests.benchmarks.lots [--households 2000] [--transactions-per-account 100]

Accounts are read and played one after the other, so memory holds one account's entries and answers at a time.
Prints one line of JSON: entries, entries read and played a second of one core, the ratio, memory at its peak
above what the programme itself takes.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.bundle import open_bundle
from wealthnexus.domain.ledger.lots import Facts, LotBook, from_bundle


def _peak_mb() -> float:
    """Of this programme alone: what ``getrusage`` tells begins with the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(households: int, transactions_per_account: int) -> dict[str, object]:
    """Write a generated bundle to a temporary folder, read it, and play every account."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bundle"
        generate_households(households, transactions_per_account, out)
        with open_bundle(out) as bundle:
            securities = {row.security_key: from_bundle.security(row) for row in bundle.rows("securities")}
            accounts = {row.external_id: from_bundle.account(row) for row in bundle.rows("accounts")}
            before = _peak_mb()
            entries = lots = gains = 0
            read = played = 0.0
            rows = groupby(bundle.rows("transactions"), key=attrgetter("account_external_id"))
            while True:
                begun = time.process_time()
                account, its = next(rows, ("", iter(())))
                listed = list(its)
                read += time.process_time() - begun
                if not listed:
                    break
                numbered = [from_bundle.entry(row, entries + at) for at, row in enumerate(listed)]
                begun = time.process_time()
                book = LotBook(Facts({account: accounts[account]}, securities))
                book.play(numbered)
                lots += len(book.open_lots())
                gains += len(book.realised())
                played += time.process_time() - begun
                entries += len(listed)
    return {
        "machine": f"{platform.machine()} {platform.python_version()}",
        "accounts": len(accounts),
        "entries": entries,
        "open_lots": lots,
        "realised_lots": gains,
        "read_s": round(read, 2),
        "played_s": round(played, 2),
        "read_per_second": round(entries / read),
        "played_per_second": round(entries / played),
        "played_beside_read": round(played / read, 3),
        "mb_before": round(before, 1),
        "mb_extra": round(_peak_mb() - before, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure rebuilding lots from transactions.")
    parser.add_argument("--households", type=int, default=2_000)
    parser.add_argument("--transactions-per-account", type=int, default=100)
    options = parser.parse_args()
    print(json.dumps(measure(options.households, options.transactions_per_account)))


if __name__ == "__main__":
    main()
