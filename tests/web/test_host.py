"""What every connection passes: hosts, headers, neutral answers, request ids."""

from __future__ import annotations

import dataclasses

import httpx2
import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform
from wealthnexus.web.app import create_app
from wealthnexus.web.host import normalised_host

from tests.factories import Browser, TestUser

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("summit.localhost", "summit.localhost"),
        ("Summit.LocalHost:8000", "summit.localhost"),
        ("summit.localhost.", "summit.localhost"),
        ("summit.localhost.:8000", "summit.localhost"),
        (None, None),
        ("", None),
        ("summit.localhost/evil", None),
        ("summit.localhost evil", None),
        ("a@summit.localhost", None),
        ("[::1]:8000", None),
        ("summit_localhost", None),
        ("x" * 300, None),
    ],
)
def test_the_host_header_in_one_form(header: str | None, expected: str | None) -> None:
    assert normalised_host(header) == expected


@pytest.mark.parametrize("host", ["nobody.localhost", "127.0.0.9", "localhost", "evil.example"])
async def test_an_unknown_host_gets_a_neutral_answer(app: ASGIApp, firm: FirmInfo, host: str) -> None:
    browser = Browser(app, host)
    page = await browser.get("/", accept="text/html")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address" in page.text
    assert firm.name not in page.text
    for path in ("/graphql", "/auth/sign-in", "/brand/logo-light.svg", "/assets/a.js", "/dev/mailbox.json"):
        answer = (
            await browser.post(path) if path.startswith(("/graphql", "/auth")) else await browser.get(path)
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "UNKNOWN_HOST"), path


async def test_a_connection_that_names_two_hosts_reaches_neither_firm(
    app: ASGIApp, firm: FirmInfo, other_firm: FirmInfo
) -> None:
    transport = httpx2.ASGITransport(app=app)
    headers = [("host", f"{each.slug}.localhost") for each in (firm, other_firm)]
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{firm.slug}.localhost") as client:
        answer = await client.get("/brand/logo-light.svg", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "UNKNOWN_HOST")


async def test_the_forwarded_host_is_never_believed(
    app: ASGIApp, firm: FirmInfo, other_firm: FirmInfo, person: TestUser
) -> None:
    """A person of the one firm at the other's host stays unknown, whatever the headers claim."""
    browser = Browser(app, f"{other_firm.slug}.localhost")
    answer = await browser.post(
        "/auth/sign-in",
        {"email": person.email, "password": person.password},
        x_forwarded_host=f"{firm.slug}.localhost",
        forwarded=f"host={firm.slug}.localhost",
    )
    assert answer.status_code == 401
    unknown = await Browser(app, "nobody.localhost").client.get(
        "/", headers={"x-forwarded-host": f"{firm.slug}.localhost"}
    )
    assert unknown.status_code == 404


async def test_security_headers_are_on_everything(app: ASGIApp, firm: FirmInfo) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    ids = set()
    for path in ("/", "/brand/logo-light.svg", "/healthz", "/nothing.json", "/dev/mailbox", "/auth/session"):
        answer = await browser.get(path, accept="text/html")
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe-inline' 'unsafe-eval" not in headers["content-security-policy"]
        assert "strict-transport-security" not in headers  # this is http
        ids.add(headers["x-request-id"])
    assert len(ids) == 6


async def test_health_is_asked_under_any_name(app: ASGIApp) -> None:
    browser = Browser(app, "127.0.0.1:8000")
    assert (await browser.get("/healthz")).status_code == 200
    ready = await browser.get("/readyz")
    assert (ready.status_code, ready.json()["database"], ready.json()["redis"]) == (200, "ok", "ok")


async def test_metrics_are_for_this_machine(app: ASGIApp, firm: FirmInfo) -> None:
    await Browser(app, f"{firm.slug}.localhost").post("/auth/session")
    here = await Browser(app, "127.0.0.9", ip_address="127.0.0.1").get("/metrics")
    assert here.status_code == 200
    assert 'wealthnexus_http_requests_total{method="POST",route="auth",status="401"}' in here.text
    elsewhere = await Browser(app, "127.0.0.9", ip_address="203.0.113.77").get("/metrics")
    assert elsewhere.status_code == 404
    for header in ("x_forwarded_for", "forwarded"):
        passed_on = await Browser(app, "127.0.0.9", ip_address="127.0.0.1").get(
            "/metrics", **{header: "203.0.113.77"}
        )
        assert (passed_on.status_code, passed_on.text) == (404, "not found")
    nameless = await Browser(app, "127.0.0.9", ip_address="testclient").get("/metrics")
    assert nameless.status_code == 404


async def test_the_mailbox_is_of_one_firm(
    developers_app: ASGIApp, firm: FirmInfo, other_firm: FirmInfo
) -> None:
    for each in (firm, other_firm):
        page = await Browser(developers_app, f"{each.slug}.localhost").get("/dev/mailbox", accept="text/html")
        assert page.status_code == 200
        assert each.name in page.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"environment": "test"},
        {"environment": "production"},
        {"environment": "development", "host": "0.0.0.0"},
        {"environment": "development", "smtp_url": "smtp://mail.example:587"},
    ],
)
async def test_the_mailbox_is_nowhere_but_on_a_developers_machine(
    platform: Platform, firm: FirmInfo, elsewhere: dict[str, str]
) -> None:
    """Its mails hold the links that set passwords: whoever reads them is anybody."""
    settings = platform.settings.model_copy(update=elsewhere)
    app = create_app(platform=dataclasses.replace(platform, settings=settings))
    browser = Browser(app, f"{firm.slug}.localhost")
    listing = await browser.get("/dev/mailbox.json")
    page = await browser.get("/dev/mailbox", accept="text/html")
    assert (listing.status_code, "mails" in listing.text) == (404, False)
    assert "mailbox of" not in page.text.lower()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "text/plain", 400),
        (b"email=a&password=b", "application/x-www-form-urlencoded", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"email": 1, "password": "x"}', "application/json", 422),
        (b'{"email": "a@b.example"}', "application/json", 422),
        (b'{"email": "a@b.example", "password": ""}', "application/json", 422),
        (b'{"email": "a@b.example", "password": "' + b"x" * 1_025 + b'"}', "application/json", 422),
        (b'{"x": "' + b"x" * 70_000 + b'"}', "application/json", 413),
    ],
)
async def test_bodies_of_the_sign_in_routes(
    app: ASGIApp, firm: FirmInfo, body: bytes, content_type: str, status: int
) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    answer = await browser.client.post(
        "/auth/sign-in", content=body, headers=browser.headers(content_type=content_type)
    )
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["message"].endswith("nothing was done.")
    assert error["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/refresh", "/auth/session"])
async def test_the_sign_in_routes_take_post_only(app: ASGIApp, firm: FirmInfo, path: str) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    assert (await browser.get(path)).status_code == 405


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("*/*", "application/json")])
async def test_a_fault_of_ours_shows_a_request_id_and_no_trace(
    developers_app: ASGIApp, firm: FirmInfo, monkeypatch: pytest.MonkeyPatch, accept: str, kind: str
) -> None:
    async def broken(*_args: object, **_facts: object) -> None:
        raise ZeroDivisionError("the secret detail")

    monkeypatch.setattr("wealthnexus.web.mailbox.asyncio.to_thread", broken)
    browser = Browser(developers_app, f"{firm.slug}.localhost")
    answer = await browser.get("/dev/mailbox", accept=accept)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-request-id"] in answer.text
    assert "not certain" in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
