"""Other people's audits of the two protocols, against a started server: graphql-http and graphql-ws."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_firm, make_user
from tests.graphql.server import web_process

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_protocol")]
FOLDER = Path(__file__).parent / "protocol"


@pytest.fixture(scope="module")
def scripts() -> Path:
    """The audits' packages, which `make setup` installs from their lock file."""
    assert (FOLDER / "node_modules").is_dir(), "the protocol audits are not installed: run `make setup`"
    return FOLDER


@pytest.fixture(scope="module")
def port(process_environment: dict[str, str], platform: Platform) -> Iterator[int]:
    assert platform
    with web_process(process_environment) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bearer(platform: Platform) -> str:
    """Of an advisor of a firm that answers at 127.0.0.1: Node resolves no host of ours."""
    firm = await make_firm(platform, domains=("127.0.0.1",))
    user = await make_user(platform, firm, roles=("ADVISOR",))
    return await bearer_of(platform, firm, user)


def run(script: str, *arguments: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", script, *arguments], cwd=folder, check=False, timeout=100, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_http_audit_is_ok(scripts: Path, port: int, bearer: str) -> None:
    assert bearer
    audit = run("http_audit.mjs", f"http://127.0.0.1:{port}/graphql", folder=scripts)
    assert audit == {"total": 61, "notOk": []}


def test_the_socket_protocol_is_kept(scripts: Path, port: int, bearer: str) -> None:
    seen = run("ws_audit.mjs", f"ws://127.0.0.1:{port}/graphql", bearer, folder=scripts)
    assert seen["first"] == {"seq": "0", "resync": False, "eventType": None}
    assert {name: seen[name] for name in seen if isinstance(seen[name], int)} == {
        "doubleInit": 4429,
        "subscribeBeforeAck": 4401,
        "notJson": 4400,
        "unknownType": 4400,
        "sameIdTwice": 4409,
        "nobody": 4401,
        "wrongToken": 4401,
        "otherProtocol": 1006,  # closed with 4406, but a client that was given no protocol has left before
        "foreignOrigin": 403,
        "sameOrigin": 4429,
    }
    assert seen["ping"] == "pong"
    assert seen["query"]["payload"][0]["message"] == (
        "Sockets carry subscriptions; send queries and mutations by POST."
    )
    assert seen["invalid"]["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
