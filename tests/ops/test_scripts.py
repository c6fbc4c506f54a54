"""The set-up scripts on machines where something is missing: one sentence that says what to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import short_folder

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "dirname", "cat", "sort", "head", "printf", "mkdir", "cut", "sha256sum", "df", "awk",
         "mktemp", "rm", "sed", "tail", "env", "id", "getconf", "grep", "find", "npm")  # fmt: skip


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A copy of what the scripts read, and nothing they made."""
    with short_folder() as folder:
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
            shutil.copy(ROOT / name, folder / name)
        (folder / "frontend").mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "frontend" / name, folder / "frontend" / name)
        (folder / "bin").mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            if found:
                (folder / "bin" / tool).symlink_to(found)
        yield folder


def programme(checkout: Path, name: str, text: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(checkout: Path, script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The script where only the tools in ``bin`` exist."""
    return subprocess.run(
        ["bash", str(checkout / "scripts" / script), *arguments],
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout / "home"), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_no_node(checkout: Path) -> None:
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Node.js is needed to build the web app and was not found. "
        "Install Node.js 20.19 or newer with npm and put it first in PATH.\n"
    )


def test_an_old_node(checkout: Path) -> None:
    programme(checkout, "node", "echo v20.9.0")
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Node.js v20.9.0 was found and 20.19 or newer is needed. "
        "Install Node.js 20.19 or newer with npm and put it first in PATH.\n"
    )


@pytest.mark.parametrize("python", [None, "exit 1"], ids=["none", "too old"])
def test_no_python_that_is_new_enough(checkout: Path, python: str | None) -> None:
    programme(checkout, "node", "echo v22.3.0")
    if python is not None:
        programme(checkout, "python3", python)
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Python 3.11 or newer is needed and was not found. Install it (Debian, Ubuntu: apt-get "
        "install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3.\n"
    )


def test_a_python_without_its_venv_module(checkout: Path) -> None:
    programme(checkout, "node", "echo v22.3.0")
    programme(checkout, "python3.11", 'case "$*" in *venv*) exit 1;; esac; exit 0')
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: {checkout}/bin/python3.11 cannot make virtual environments. Install its venv module "
        "(Debian, Ubuntu: apt-get install python3-venv) and try again.\n"
    )


def test_a_full_disk(checkout: Path) -> None:
    programme(checkout, "node", "echo v22.3.0")
    programme(checkout, "python3.11", "exit 0")
    (checkout / "bin" / "df").unlink()
    programme(checkout, "df", "echo 'Filesystem 1024-blocks Used Available'; echo '/dev/x 9 9 1024'")
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: The Python environment needs about 1500 MB on this disk and 1 MB are free. "
        "Free some space and try again.\n"
    )


def test_an_incomplete_checkout(checkout: Path) -> None:
    (checkout / "frontend" / "package-lock.json").unlink()
    done = run(checkout, "setup.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: This checkout is not complete: frontend/package-lock.json is missing. "
        "Get it again (git checkout -- frontend/package-lock.json).\n"
    )


def test_what_the_machine_trusts_is_trusted(checkout: Path) -> None:
    """uv's own list of authorities lacks the one of a proxy that opens TLS; the machine's list has it."""
    programme(checkout, "node", "echo v22.3.0")
    says = checkout / "bin" / "says"
    programme(checkout, "says", "echo $UV_SYSTEM_CERTS $NODE_EXTRA_CA_CERTS; exit 1")
    (checkout / "bin" / "ln").symlink_to(shutil.which("ln") or "/bin/ln")
    makes_says = f'[ "$2" != venv ] || {{ mkdir -p $3/bin; ln -s {says} $3/bin/python; }}'
    programme(checkout, "python3.11", makes_says)
    done = run(checkout, "setup.sh", NODE_EXTRA_CA_CERTS="/named/by/a/person.pem")
    assert done.returncode == 1
    assert "1 /named/by/a/person.pem\n" in done.stderr


def test_no_browser_and_not_root(checkout: Path) -> None:
    (checkout / "bin" / "id").unlink()
    programme(checkout, "id", "echo 1000")
    done = run(checkout, "browser.sh")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Error: The browser tests need Chromium and none was found. Install Chromium (Debian, Ubuntu: "
        "apt-get install chromium), or name one: CHROMIUM=/path/to/chrome. `make test BROWSER=0` runs "
        "everything else.\n"
    )


def test_a_browser_by_name_or_found(checkout: Path) -> None:
    programme(checkout, "my-chrome", "exit 0")
    named = run(checkout, "browser.sh", CHROMIUM=str(checkout / "bin" / "my-chrome"))
    assert named.stdout == f"{checkout}/bin/my-chrome\n"
    programme(checkout, "chromium", "exit 0")
    assert run(checkout, "browser.sh").stdout == f"{checkout}/bin/chromium\n"


def test_what_failed_is_summed_up_and_the_rest_still_runs(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    for name in ("ruff", "mypy", "lint-imports", "wealthnexus", "pytest"):
        programme(checkout, name, "exit 1" if name == "mypy" else "exit 0")
    (checkout / "bin" / "npm").unlink(missing_ok=True)
    build = "mkdir -p frontend/dist; echo x >frontend/dist/index.html"
    programme(checkout, "npm", f'case "$*" in *build*) {build};; esac')
    done = run(checkout, "test.sh", BROWSER="0")
    assert done.returncode == 1
    results = re.findall(r"^(passed|FAILED) .* s  (.*)$", done.stdout, re.MULTILINE)
    assert ("FAILED", "Types (mypy)") in results
    passed = {name for result, name in results if result == "passed"}
    assert passed >= {"Style (ruff)", "Layers (import-linter)", "Python tests", "Web app: build"}
    assert len(passed) == len(results) - 1
    assert done.stdout.splitlines()[-3:] == [
        "Left out: the browser tests (BROWSER=0).",
        "Left out: the long programmes in full (make soak).",
        "Left out: the measurements (make bench).",
    ]
    assert done.stderr.endswith(f"Error: 1 of {len(results)} stages failed.\n")


def test_the_makefile_lists_its_targets() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z0-9]+) +\S", done.stdout, re.MULTILINE))
    assert listed >= {"setup", "demo", "test", "soak", "bench", "check", "lock", "build", "browser", "help"}
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / ".ci" / "run").read_text()
