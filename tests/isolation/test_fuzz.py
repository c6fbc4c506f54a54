"""Operations that nobody thought of, by schemathesis, against a started web process."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.kit.context import SYSTEM
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_firm, make_user
from tests.graphql.server import web_process
from tests.support.bundles import write_folder

pytestmark = [pytest.mark.database, pytest.mark.soak, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600 if os.environ.get("WEALTHNEXUS_SOAK") == "1" else 40


@pytest.mark.parametrize("role", ["FIRM_ADMIN", "OPERATIONS", "CLIENT"])
async def test_no_operation_makes_the_server_fail(
    platform: Platform, process_environment: dict[str, str], tmp_path: Path, role: str
) -> None:
    firm = await make_firm(
        platform, limits={"requests_per_minute": 1_000_000}, pinned_business_date=date(2021, 3, 31)
    )
    await import_bundle(platform, firm, write_folder(tmp_path / "bundle"), actor=SYSTEM)
    user = await make_user(platform, firm, roles=(role,))
    token = await bearer_of(platform, firm, user)
    with web_process(process_environment) as port:
        done = await asyncio.to_thread(
            subprocess.run,
            [
                str(Path(sys.executable).with_name("schemathesis")), "run", str(ROOT / "schema.graphql"),
                "--url", f"http://127.0.0.1:{port}/graphql",
                "-H", f"Host: {firm.slug}.localhost", "-H", f"Authorization: Bearer {token}",
                "--checks", "nothing_internal", "--max-time", str(SECONDS), "--seed", "20210331",
                "--phases", "fuzzing", "--max-examples", "1000" if SECONDS > 60 else "15",
                "--continue-on-failure", "--no-color",
            ],
            cwd=tmp_path, env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                               "PYTHONPATH": str(Path(__file__).parent)},
            capture_output=True, text=True, timeout=SECONDS * 3 + 120, check=False,
        )  # fmt: skip
    counted = re.search(r"(\d+) generated", done.stdout)
    print(f"\nschemathesis as {role}: {counted[0] if counted else done.stdout[-400:]}")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert counted, done.stdout[-2000:]
