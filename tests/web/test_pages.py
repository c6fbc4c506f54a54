"""The app's pages with the firm inlined, brand files, assets, uploads."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.feeds import uploads as kept
from wealthnexus.domain.feeds.models import uploads
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import LimitExceeded, ValidationFailed
from wealthnexus.kit.ratelimit import RateLimit
from wealthnexus.runtime import Platform
from wealthnexus.web.app import create_app

from tests.factories import Browser, bearer_of, make_firm, make_user, signed_in_client
from tests.support.identity import rows_of

pytestmark = pytest.mark.database
TENANTS = Path(__file__).parents[2] / "tenants"
PAGE = (
    '<!doctype html><html lang="en"><head><meta property="csp-nonce" content="__CSP_NONCE__" />'
    '<script type="application/json" id="wn-firm" nonce="__CSP_NONCE__">__FIRM_JSON__</script></head>'
    "<body>{0}</body></html>"
)


@pytest.fixture
def site(platform: Platform, tmp_path: Path) -> tuple[ASGIApp, Path]:
    """The application over a built app of two pages and one asset, and tenants of its own."""
    dist, tenants = tmp_path / "dist", tmp_path / "tenants"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(PAGE.format("staff"))
    (dist / "portal.html").write_text(PAGE.format("clients"))
    (dist / "assets" / "app-4f2a.js").write_text("export const x = 1")
    (dist / "secret.txt").write_text("not for the world")
    tenants.mkdir()
    settings = platform.settings.model_copy(update={"web_dist_dir": dist, "tenants_dir": tenants})
    return create_app(platform=replace(platform, settings=settings)), tmp_path


def inlined(page: str) -> dict:
    found = re.search(r'id="wn-firm" nonce="[^"]+">(.*?)</script>', page, re.S)
    assert found is not None
    facts: dict = json.loads(found[1])
    return facts


async def test_each_page_carries_its_firm_and_a_fresh_nonce(
    site: tuple[ASGIApp, Path], platform: Platform
) -> None:
    app, _ = site
    firm = await make_firm(platform, name="</script><script>alert(1)</script> & Söhne\u2028")
    browser = Browser(app, f"{firm.slug}.localhost")
    nonces = set()
    pages = {
        "/": "staff",
        "/book": "staff",
        "/households/abc": "staff",
        "/portal": "clients",
        "/portal/performance": "clients",
        "/portality": "staff",
    }
    for path, body in pages.items():
        page = await browser.get(path, accept="text/html")
        assert page.status_code == 200, path
        assert f"<body>{body}</body>" in page.text
        assert page.text.count("<script") == 1  # the firm's name opened no second one
        facts = inlined(page.text)
        assert facts["name"] == firm.name
        assert facts["slug"] == firm.slug
        assert set(facts) == {
            "slug", "name", "legalName", "locale", "timeZone", "currency", "support", "legalFooter", "brand",
            "features", "businessDate", "demo", "environment",
        }  # fmt: skip
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', page.text))
        assert f'content="{nonce}"' in page.text
        policy = page.headers["content-security-policy"]
        assert f"script-src 'self' 'nonce-{nonce}'" in policy
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy.replace("https", "")
        assert page.headers["cache-control"] == "no-store"
        nonces.add(nonce)
    assert len(nonces) == 6


async def test_two_hosts_two_firms(site: tuple[ASGIApp, Path], firm: FirmInfo, other_firm: FirmInfo) -> None:
    app, _ = site
    for each in (firm, other_firm):
        page = await Browser(app, f"{each.slug}.localhost").get("/", accept="text/html")
        assert inlined(page.text)["name"] == each.name


async def test_what_is_not_built_says_so(site: tuple[ASGIApp, Path], firm: FirmInfo) -> None:
    app, folder = site
    (folder / "dist" / "index.html").unlink()
    answer = await Browser(app, f"{firm.slug}.localhost").get("/", accept="text/html")
    assert answer.status_code == 503
    assert "make build" in answer.text
    assert str(folder) not in answer.text


async def test_programmes_get_no_page(site: tuple[ASGIApp, Path], firm: FirmInfo) -> None:
    browser = Browser(site[0], f"{firm.slug}.localhost")
    answer = await browser.get("/nothing/here.json", accept="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


async def test_assets_stay_and_nothing_else_of_the_disk_is_served(
    site: tuple[ASGIApp, Path], firm: FirmInfo
) -> None:
    browser = Browser(site[0], f"{firm.slug}.localhost")
    asset = await browser.get("/assets/app-4f2a.js")
    assert asset.text == "export const x = 1"
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in asset.headers["content-type"]
    for path in (
        "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/..%2fsecret.txt",
        "/assets/missing.js",
        "/assets//etc/passwd",
        "/brand/../secret.txt",
        "/secret.txt",
    ):
        answer = await browser.get(path)
        assert answer.status_code == 404, path
        assert "not for the world" not in answer.text


async def test_assets_are_compressed_for_who_takes_it(site: tuple[ASGIApp, Path], firm: FirmInfo) -> None:
    app, folder = site
    text = "export const words = 'ledger'\n" * 500
    (folder / "dist" / "assets" / "big-77aa.js").write_text(text)
    browser = Browser(app, f"{firm.slug}.localhost")
    small = await browser.get("/assets/big-77aa.js", accept_encoding="br, gzip;q=0.9")
    plain = await browser.get("/assets/big-77aa.js", accept_encoding="identity")
    refused = await browser.get("/assets/big-77aa.js", accept_encoding="gzip;q=0")
    part = await browser.get("/assets/big-77aa.js", accept_encoding="gzip", range="bytes=0-5")
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(text) / 10
    assert small.text == plain.text == refused.text == text
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert (part.status_code, part.text) == (206, "export")
    for answer in (small, plain):
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["etag"] != plain.headers["etag"]
    beside = folder / "dist" / "assets" / "big-77aa.js.br"
    beside.write_bytes(b"the same words, shorter")
    shorter = await browser.get("/assets/big-77aa.js", accept_encoding="gzip, br")
    assert shorter.headers["content-encoding"] == "br"
    assert shorter.headers["content-type"].startswith("text/javascript")
    assert int(shorter.headers["content-length"]) == len(beside.read_bytes())
    assert shorter.headers["vary"] == "accept-encoding"
    assert shorter.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len({answer.headers["etag"] for answer in (shorter, small, plain)}) == 3
    unwanted = await browser.get("/assets/big-77aa.js", accept_encoding="gzip, br;q=0")
    assert unwanted.headers["content-encoding"] == "gzip"
    (folder / "dist" / "assets" / "app-4f2a.js.br").write_bytes(b"of an earlier build")
    os.utime(folder / "dist" / "assets" / "app-4f2a.js.br", (1, 1))
    older = await browser.get("/assets/app-4f2a.js", accept_encoding="br")
    assert "content-encoding" not in older.headers
    tiny = await browser.get("/assets/app-4f2a.js", accept_encoding="gzip")
    assert "content-encoding" not in tiny.headers


async def test_each_firm_has_its_own_logos(site: tuple[ASGIApp, Path], firm: FirmInfo) -> None:
    app, folder = site
    shutil.copytree(TENANTS / "summit", folder / "tenants" / firm.slug)
    browser = Browser(app, f"{firm.slug}.localhost")
    for name in ("logo-light.svg", "logo-dark.svg", "favicon.svg"):
        logo = await browser.get(f"/brand/{name}")
        assert logo.text == (TENANTS / "summit" / name).read_text()
        assert logo.headers["content-type"].startswith("image/svg+xml")
        assert "sandbox" in logo.headers["content-security-policy"]
    assert (await browser.get("/brand/tenant.toml")).status_code == 404
    assert (await Browser(app, "nobody.localhost").get("/brand/logo-light.svg")).status_code == 404


# Uploads.

ZIP = b"PK\x03\x04" + b"a bundle" * 100


async def send(browser: Browser, content: bytes = ZIP, **headers: str | None) -> tuple[int, dict]:
    answer = await browser.client.post(
        "/files/uploads",
        content=content,
        headers=browser.headers(**{"content_type": "application/zip", "x_file_name": "books.zip", **headers}),
    )
    return answer.status_code, answer.json()


def files_of(platform: Platform, firm: FirmInfo) -> list[Path]:
    return sorted(path for path in platform.firm_storage(firm.id).rglob("*") if path.is_file())


async def test_an_upload_is_kept_for_its_firm(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    user = await make_user(platform, firm, roles=("OPERATIONS",))
    browser = await signed_in_client(app, platform, firm, user)
    status, body = await send(browser)
    assert status == 201
    (row,) = await rows_of(platform, firm, uploads, uploads.c.id == UUID(body["uploadId"]))
    assert (row.user_id, row.file_name, row.size_bytes) == (user.id, "books.zip", len(ZIP))
    assert bytes(row.sha256) == hashlib.sha256(ZIP).digest()
    (path,) = [path for path in files_of(platform, firm) if path.name == row.storage_key]
    assert path.read_bytes() == ZIP
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("who", "content", "headers", "status", "code"),
    [
        ("nobody", ZIP, {}, 401, "UNAUTHENTICATED"),
        ("ADVISOR", ZIP, {}, 403, "PERMISSION_DENIED"),
        ("CLIENT", ZIP, {}, 403, "PERMISSION_DENIED"),
        ("OPERATIONS", ZIP, {"x_csrf_token": None}, 403, "CSRF"),
        ("OPERATIONS", ZIP, {"x_csrf_token": "wrong"}, 403, "CSRF"),
        ("OPERATIONS", ZIP, {"origin": "https://evil.example"}, 403, "FOREIGN_ORIGIN"),
        ("OPERATIONS", b"not a zip", {}, 400, "VALIDATION_FAILED"),
        ("OPERATIONS", b"", {}, 400, "VALIDATION_FAILED"),
        ("OPERATIONS", ZIP, {"content_type": "text/plain"}, 415, "VALIDATION_FAILED"),
        ("OPERATIONS", b"PK\x03\x04" + b"x" * 5_000, {}, 413, "LIMIT_EXCEEDED"),
    ],
)
async def test_refused_uploads_leave_nothing(
    platform: Platform, app: ASGIApp, who: str, content: bytes, headers: dict, status: int, code: str
) -> None:
    firm = await make_firm(platform, limits={"upload_bytes_max": 4_000})
    if who == "nobody":
        browser = Browser(app, f"{firm.slug}.localhost")
    else:
        user = await make_user(platform, firm, roles=(who,), limited=who == "CLIENT")
        browser = await signed_in_client(app, platform, firm, user)
    answer = await send(browser, content, **headers)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)
    assert files_of(platform, firm) == []
    assert await rows_of(platform, firm, uploads) == []


async def test_a_person_has_so_many_files_kept(
    platform: Platform, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_PER_PERSON_MAX", 2)
    firm = await make_firm(platform)
    user, other = [await make_user(platform, firm, roles=("OPERATIONS",)) for _ in range(2)]
    browser = await signed_in_client(app, platform, firm, user)
    assert [(await send(browser))[0] for _ in range(2)] == [201, 201]
    status, body = await send(browser)
    assert (status, body["error"]["code"], body["error"]["message"]) == (
        413,
        "LIMIT_EXCEEDED",
        "2 files you have sent are kept for a day each, at most 2 are; nothing was kept",
    )
    assert len(files_of(platform, firm)) == 2
    assert (await send(await signed_in_client(app, platform, firm, other)))[0] == 201
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        with pytest.raises(LimitExceeded):
            await kept.record_upload(
                uow, kept.StoredUpload(user.id, Path("x.zip"), 1, b"x"), user_id=user.id, file_name="x.zip"
            )
    events = await rows_of(platform, firm, audit_events, audit_events.c.action == "feeds.upload.received")
    assert sorted(row.actor_id for row in events) == sorted([user.id, user.id, other.id])
    assert {(row.details["sizeBytes"], row.details["sha256"]) for row in events} == {
        (len(ZIP), hashlib.sha256(ZIP).hexdigest())
    }


async def test_a_person_sends_so_many_files_a_minute(
    platform: Platform, firm: FirmInfo, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wealthnexus.web.uploads.PER_PERSON", RateLimit("upload-person", 1, 60))
    user = await make_user(platform, firm, roles=("OPERATIONS",))
    browser = await signed_in_client(app, platform, firm, user)
    assert (await send(browser))[0] == 201
    status, body = await send(browser)
    assert (status, body["error"]["code"]) == (429, "LIMIT_EXCEEDED")
    assert body["error"]["message"].startswith("at most 1 files may be sent in 60 seconds; try again in ")


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([b"P", b"K\x03", b"\x04rest"], None),
        ([b"", b"P", b"", b"K"], None),
        ([b"P", b"X"], "the file is not a zip; expected a bundle as one zip file"),
        ([b"P"], "the file is not a zip; expected a bundle as one zip file"),
        ([b"", b""], "the file is empty; expected a bundle as one zip file"),
    ],
)
async def test_a_zip_is_known_however_it_comes_in(
    tmp_path: Path, pieces: list[bytes], said: str | None
) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    if said is not None:
        with pytest.raises(ValidationFailed) as refused:
            await kept.store_stream(tmp_path, stream(), bytes_max=100)
        assert refused.value.message == said
        assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
        return
    stored = await kept.store_stream(tmp_path, stream(), bytes_max=100)
    assert stored.path.read_bytes() == b"".join(pieces)
    assert stored.sha256 == hashlib.sha256(b"".join(pieces)).digest()


async def test_a_bearer_uploads_without_cookies(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    user = await make_user(platform, firm, roles=("OPERATIONS",))
    token = await bearer_of(platform, firm, user)
    browser = Browser(app, f"{firm.slug}.localhost")
    status, _ = await send(browser, authorization=f"Bearer {token}", origin=None)
    assert status == 201
    status, body = await send(browser, authorization="Bearer wnt_unknown", origin=None)
    assert (status, body["error"]["code"]) == (401, "UNAUTHENTICATED")
