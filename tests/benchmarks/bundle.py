"""How fast a bundle is written and judged, and in how much memory.

    python -m tests.benchmarks.bundle [--households 10000] [--transactions-per-account 34]

Prints one line of JSON: rows, transactions a second of one core, and the peak resident memory in MB.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import tempfile
import time
from pathlib import Path

from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.bundle import KnownKeys, open_bundle, validate


def measure(households: int, transactions_per_account: int) -> dict[str, object]:
    """Write a generated bundle to a temporary folder and judge it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bundle"
        started = time.process_time()
        counts = generate_households(households, transactions_per_account, out)
        written = time.process_time() - started
        started = time.process_time()
        with open_bundle(out) as bundle:
            report = validate(bundle, KnownKeys())
        judged = time.process_time() - started
    if not report.ok:
        raise SystemExit("\n".join(report.lines()))
    transactions = counts["transactions"]
    return {
        "machine": f"{platform.machine()} {platform.python_version()}",
        "rows": counts,
        "written_per_second": round(transactions / written),
        "judged_per_second": round(transactions / judged),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure writing and judging a generated bundle.")
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--transactions-per-account", type=int, default=34)
    options = parser.parse_args()
    print(json.dumps(measure(options.households, options.transactions_per_account)))


if __name__ == "__main__":
    main()
