"""Writers, importers and a subscriber that behave as honest clients do: they retry until answered."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import httpx2
import websockets

POST_TRANSACTION = """mutation Post($input: PostTransactionInput!) { postTransaction(input: $input) {
  __typename ... on PostTransactionSuccess { transaction { id externalId bookVersion } }
  ... on Error { code message } } }"""
START_IMPORT = """mutation Start($input: StartImportInput!) { startImport(input: $input) {
  __typename ... on JobAccepted { job { id } } ... on Error { code message } } }"""
JOB = "query Job($id: ID!) { job(id: $id) { id state error result } }"
ACCOUNTS = "{ accounts(first: 5) { edges { node { id currency } } } }"
WORK_QUEUE = """subscription Live($after: BigInt) { workQueueChanged(afterSeq: $after) {
  seq resync eventType workItemId } }"""


@dataclass
class Client:
    """One caller of the API: every request is repeated until the server really answered."""

    port: int
    host: str
    token: str
    retries: int = 0
    by_cause: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self._http = httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Host": self.host, "Authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def run(self, query: str, variables: dict[str, Any] | None = None, *, tries_max: int = 400) -> Any:
        for attempt in itertools.count():
            cause = ""
            try:
                response = await self._http.post(
                    "/graphql", json={"query": query, "variables": variables or {}}
                )
                if response.status_code == 429:
                    await asyncio.sleep(float(response.headers.get("Retry-After", "1")))
                    continue
                body = response.json()
                if response.status_code == 200 and not body.get("errors"):
                    return body["data"]
                cause = f"{response.status_code} {json.dumps(body.get('errors'))[:160]}"
                codes = {e.get("extensions", {}).get("code") for e in body.get("errors", [])}
                if codes & {"UNAUTHENTICATED", "BAD_USER_INPUT", "FORBIDDEN"} and response.status_code < 500:
                    raise AssertionError(f"the server refused an honest request: {cause}")
            except (httpx2.HTTPError, json.JSONDecodeError) as error:
                cause = type(error).__name__
            self.retries += 1
            self.by_cause[cause] += 1
            assert attempt < tries_max, f"no answer after {attempt} tries, last: {cause}"
            await asyncio.sleep(min(0.05 * (attempt + 1), 0.5))
        raise AssertionError("unreachable")

    async def upload(self, content: bytes) -> str:
        for attempt in itertools.count():
            with contextlib.suppress(httpx2.HTTPError, json.JSONDecodeError, KeyError):
                response = await self._http.post(
                    "/files/uploads", content=content, headers={"Content-Type": "application/zip"}
                )
                if response.status_code in (200, 201):
                    return str(response.json()["uploadId"])
            assert attempt < 400
            await asyncio.sleep(0.1)
        raise AssertionError("unreachable")


async def post_writes(
    client: Client, numbers: list[int], accounts: list[dict[str, str]], *, pause_seconds: float = 0.0
) -> dict[int, str]:
    """One deposit per number; returns the transaction id the server acknowledged for each."""
    acknowledged: dict[int, str] = {}
    for number in numbers:
        account = accounts[number % len(accounts)]
        variables = {
            "input": {
                "idempotencyKey": f"fault-write-{number}",
                "accountId": account["id"],
                "type": "DEPOSIT",
                "tradeDate": "2021-03-31",
                "amount": f"{number + 1}.00",
                "externalId": f"fault-{number}",
                "description": "written while processes were killed",
            }
        }
        answer = (await client.run(POST_TRANSACTION, variables))["postTransaction"]
        assert answer["__typename"] == "PostTransactionSuccess", answer
        acknowledged[number] = answer["transaction"]["id"]
        await asyncio.sleep(pause_seconds)
    return acknowledged


def tiny_bundle(number: int) -> bytes:
    """A bundle of one household, one account and one deposit."""
    files = {
        "bundle.json": json.dumps({"format_version": 1, "source": f"fault-{number}", "as_of": "2021-03-31"}),
        "households.csv": f"external_id,name\nfh{number},Fault Household {number}\n",
        "accounts.csv": "external_id,household_external_id,account_number,name,account_type,tax_status,"
        f"custodian,currency,opened_on,lot_method\nfa{number},fh{number},,Fault account {number},INDIVIDUAL,"
        "TAXABLE,,USD,2020-01-02,FIFO\n",
        "transactions.csv": "external_id,account_external_id,type,trade_date,settlement_date,security_key,"
        "quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n"
        f"ft{number},fa{number},DEPOSIT,2021-03-30,2021-03-30,,,,1000.00,0,USD,,,,\n",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


async def run_imports(client: Client, numbers: list[int]) -> dict[int, dict[str, Any]]:
    """One import job per number, followed to its end."""
    done: dict[int, dict[str, Any]] = {}
    for number in numbers:
        upload_id = await client.upload(tiny_bundle(number))
        variables = {
            "input": {"idempotencyKey": f"fault-import-{number}", "uploadId": upload_id, "dryRun": False}
        }
        accepted = (await client.run(START_IMPORT, variables))["startImport"]
        assert accepted["__typename"] == "JobAccepted", accepted
        job_id = accepted["job"]["id"]
        for _ in range(1200):
            job = (await client.run(JOB, {"id": job_id}))["job"]
            if job["state"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                break
            await asyncio.sleep(0.25)
        done[number] = job
    return done


@dataclass
class Subscriber:
    """Follows the work queue for ever, coming back after every cut with the last sequence it saw."""

    port: int
    host: str
    token: str
    after: int = 0
    seen: list[int] = field(default_factory=list)
    resyncs: int = 0
    connections: int = 0

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError, ConnectionError):
                await self._one_connection()
            await asyncio.sleep(0.2)

    async def _one_connection(self) -> None:
        async with websockets.connect(
            f"ws://{self.host}:{self.port}/graphql", host="127.0.0.1", port=self.port,
            subprotocols=[websockets.Subprotocol("graphql-transport-ws")], open_timeout=5,
        ) as socket:  # fmt: skip
            init = {"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}}
            await socket.send(json.dumps(init))
            assert json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] == "connection_ack"
            payload = {"query": WORK_QUEUE, "variables": {"after": str(self.after)}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            self.connections += 1
            async for raw in socket:
                self._take(json.loads(raw))

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] != "next":
            return
        event = message["payload"]["data"]["workQueueChanged"]
        if event["resync"]:
            self.resyncs += 1
        else:
            self.seen.append(int(event["seq"]))
        self.after = max(self.after, int(event["seq"]))
