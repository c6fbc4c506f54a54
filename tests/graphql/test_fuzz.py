"""Generated operations never bring the server down: schemathesis against a started process.

Four documents of each field in `make test`, twenty in `make soak`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.graphql.conftest import House, load_book, make_house
from tests.graphql.server import web_process

pytestmark = [
    pytest.mark.database,
    pytest.mark.xdist_group("graphql_protocol"),
    pytest.mark.timeout(1_800),
    pytest.mark.soak,
]
ROOT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fuzzed(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    made = await make_house(app, platform, domains=("127.0.0.2",))
    await load_book(made, tmp_path_factory.mktemp("fuzzed"), households=1, per_account=2)
    return made


@pytest.fixture(scope="module")
def port(process_environment: dict[str, str], fuzzed: House) -> Iterator[int]:
    assert fuzzed
    with web_process(process_environment) as found:
        yield found


@pytest.mark.parametrize("role", ["FIRM_ADMIN", "CLIENT"])
def test_no_generated_operation_fails_on_our_side(
    port: int, fuzzed: House, role: str, tmp_path: Path, process_environment: dict[str, str], soak: bool
) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text("")
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
        str(ROOT / "schema.graphql"), "--url", f"http://127.0.0.1:{port}/graphql",
        "--header", f"Host: {fuzzed.firm.slug}.localhost",
        "--header", f"Authorization: Bearer {fuzzed.api(role).token}",
        "--checks", "no_failure_of_ours", "--max-examples", "20" if soak else "4", "--seed", "7",
        "--phases", "fuzzing",
        "--generation-database", "none", "--report", "ndjson", "--report-dir", str(tmp_path), "--no-color",
    ]  # fmt: skip
    environment = {**process_environment, "SCHEMATHESIS_HOOKS": "tests.graphql.fuzz_hooks"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=1_500 if soak else 250,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    assert any(json.loads(line) for line in next(tmp_path.glob("*.ndjson")).read_text().splitlines()[:1])
