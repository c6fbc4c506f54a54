"""The app's pages: built HTML with the firm's public facts and a nonce put in, under a strict policy."""

from __future__ import annotations

import asyncio
import gzip
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wealthnexus.kit import json as kit_json
from wealthnexus.kit.text import message
from wealthnexus.web.responses import error_response, neutral_page, wants_html

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

_BRAND_FILES = frozenset({"logo-light.svg", "logo-dark.svg", "favicon.svg"})
_NOTHING = message("web.nothing", "There is nothing at {path}.", path=str)
_NOT_BUILT_TITLE = message("web.not_built_title", "The web app is not built")
_NOT_BUILT = message(
    "web.not_built",
    "There is no {name} in {folder}; run `make build` and load this page again.",
    name=str,
    folder=str,
)
_NO_BRAND_FILE = message("web.no_brand_file", "There is no brand file {name}.", name=str)


def page_policy(nonce: str) -> str:
    """Only our own files, inline only with the nonce, no string may become script."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _inline_json(value: object) -> str:
    """JSON that cannot end the element it stands in."""
    text = kit_json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class Pages:
    """Serves ``index.html`` (staff) and ``portal.html`` (clients); re-read when the build changes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._dist = platform.settings.web_dist_dir
        self._known: dict[str, tuple[int, str]] = {}

    def _template(self, name: str) -> str | None:
        path = self._dist / name
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        known = self._known.get(name)
        if known is None or known[0] != changed:
            known = self._known[name] = (changed, path.read_text(encoding="utf-8"))
        return known[1]

    async def page(self, request: Request) -> Response:
        path = request.url.path
        if not wants_html(request) and path != "/":
            return error_response(request, 404, "NOT_FOUND", _NOTHING(path=path[:200]))
        name = "portal.html" if path == "/portal" or path.startswith("/portal/") else "index.html"
        nonce = secrets.token_urlsafe(16)
        template = self._template(name)
        if template is None:
            return neutral_page(
                _NOT_BUILT_TITLE(),
                _NOT_BUILT(name=name, folder=self._dist.name),
                status=503,
                nonce=nonce,
            )
        firm = request.state.firm
        public = firm.public(self._platform.settings.environment)
        page = template.replace("__FIRM_JSON__", _inline_json(public)).replace("__CSP_NONCE__", nonce)
        return HTMLResponse(
            page,
            headers={
                "content-security-policy": page_policy(nonce),
                "cache-control": "no-store",
                "vary": "host, accept",
            },
        )


_TEXTS = frozenset({".js", ".css", ".svg", ".json", ".map", ".txt", ".html"})
_GZIP_BYTES_MIN, _GZIP_BYTES_MAX, _KEPT_MAX = 1_000, 10_000_000, 500


class Assets(StaticFiles):
    """Hashed files of the build: cached for ever, sent compressed where the browser takes it.

    The build lays ``name.br`` beside a text; where it did not, or the browser takes only gzip, the text is
    compressed once per process and kept: a hashed name never changes its content.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._compressed: dict[tuple[str, int], bytes] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["vary"] = "accept-encoding"
        request = Request(scope)
        is_plain_get = request.method == "GET" and "range" not in request.headers
        if isinstance(response, FileResponse) and is_plain_get:
            taken = _encodings_taken(request)
            smaller = await asyncio.to_thread(self._brotli, Path(response.path)) if "br" in taken else None
            if smaller is not None:
                return _encoded(response, smaller, "br")
            smaller = await asyncio.to_thread(self._gzipped, Path(response.path)) if "gzip" in taken else None
            if smaller is not None:
                return _encoded(response, smaller, "gzip")
        return response

    def _brotli(self, path: Path) -> bytes | None:
        """What the build compressed, unless the text was written again since."""
        beside = path.with_name(f"{path.name}.br")
        key = (str(beside), path.stat().st_mtime_ns)
        body = self._compressed.get(key)
        if body is None:
            try:
                if beside.stat().st_mtime_ns < key[1]:
                    return None
                body = beside.read_bytes()
            except FileNotFoundError:
                return None
            self._keep(key, body)
        return body

    def _gzipped(self, path: Path) -> bytes | None:
        found = path.stat()
        if path.suffix not in _TEXTS or not _GZIP_BYTES_MIN <= found.st_size <= _GZIP_BYTES_MAX:
            return None
        key = (str(path), found.st_mtime_ns)
        body = self._compressed.get(key)
        if body is None:
            body = gzip.compress(path.read_bytes(), 9, mtime=0)
            self._keep(key, body)
        return body

    def _keep(self, key: tuple[str, int], body: bytes) -> None:
        if len(self._compressed) >= _KEPT_MAX:
            self._compressed.clear()
        self._compressed[key] = body


def _encoded(whole: FileResponse, body: bytes, encoding: str) -> Response:
    """The same file in another encoding."""
    headers = {
        name: whole.headers[name] for name in ("cache-control", "vary", "last-modified", "content-type")
    }
    # Another representation has another tag (RFC 9110 section 8.8.3.3).
    headers["etag"] = f'"{whole.headers["etag"].strip(chr(34))}-{encoding}"'
    return Response(body, headers={**headers, "content-encoding": encoding})


def _encodings_taken(request: Request) -> set[str]:
    taken = set()
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = (piece.strip() for piece in part.partition(";"))
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name)
    return taken


def brand_file(platform: Platform, slug: str, name: str) -> Path | None:
    """The firm's own logo or icon; None when the name is not one of them or the file is missing."""
    if name not in _BRAND_FILES:
        return None
    path = platform.settings.tenants_dir / slug / name
    return path if path.is_file() else None


def brand_route(platform: Platform):  # type: ignore[no-untyped-def]
    async def brand(request: Request) -> Response:
        name = request.path_params["name"]
        path = brand_file(platform, request.state.firm.slug, name)
        if path is None:
            return error_response(request, 404, "NOT_FOUND", _NO_BRAND_FILE(name=repr(name[:200])))
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        headers = {"cache-control": "public, max-age=300", "content-security-policy": policy}
        return FileResponse(path, media_type="image/svg+xml", headers=headers)

    return brand
