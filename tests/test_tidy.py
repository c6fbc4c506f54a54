"""Style as a test: sizes, names and words that a reviewer would otherwise have to count."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
FUNCTION_EXEMPT = ("migrations/",)


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = tracked(".py")
SCRIPT = [p for p in tracked(".ts", ".tsx") if "/gql/" not in relative(p)]


def test_files_stay_within_their_size() -> None:
    long = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in PYTHON + SCRIPT
        if not relative(path).startswith("migrations/versions/")
    }
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES_MAX} == {}


def test_functions_fit_on_a_screen() -> None:
    long = []
    for path in PYTHON:
        if relative(path).startswith(FUNCTION_EXEMPT):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long.append(f"{relative(path)}:{node.lineno} {node.name} has {lines} lines")
    assert long == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\b(TODO|FIXME)\b|#.*\bXXX\b", "unfinished work"),
        (r"raise NotImplementedError", "a stub"),
        (
            r"pytest\.mark\.(skip|xfail)\b(?!if)|\btest\.(skip|fixme|only)\(|\bit\.(skip|only)\(",
            "a test left out",
        ),
        (r"lorem ipsum|coming soon", "a screen on nothing"),
    ],
)
def test_words_that_do_not_belong(pattern: str, why: str) -> None:
    found = [
        f"{relative(path)}:{number}: {why}"
        for path in PYTHON + SCRIPT
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []


def test_only_the_unit_of_work_commits() -> None:
    found = [
        f"{relative(path)}:{number}"
        for path in PYTHON
        if "backend/wealthnexus/" in relative(path) and "/kit/embedded/" not in relative(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.(commit|rollback)\(\)", line)
    ]
    assert found == []


def test_no_floats_near_money() -> None:
    rooms = ("ledger", "clients", "markets", "feeds", "billing", "trading", "alternatives")
    found = [
        f"{relative(path)}:{node.lineno}"
        for path in PYTHON
        if any(f"domain/{room}/" in relative(path) for room in rooms)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert found == []


def test_the_clock_is_asked_nowhere_else() -> None:
    """``datetime.now`` and friends only in kit.clock and kit.ids: everything else can be frozen."""
    allowed = ("kit/clock.py", "kit/ids.py", "kit/embedded/", "cli/supervisor/")
    found = [
        f"{relative(path)}:{number}"
        for path in PYTHON
        if "backend/wealthnexus/" in relative(path) and not any(part in relative(path) for part in allowed)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|[^_.]time\.time\(\)", line)
    ]
    assert found == []


def test_lock_files_name_no_address() -> None:
    found = [
        name
        for name in (
            "requirements.lock",
            "requirements-dev.lock",
            "frontend/package-lock.json",
            "tests/benchmarks/peers/requirements.lock",
        )
        if (ROOT / name).exists()
        and re.search(r"https?://[a-z.]*(pypi|npmjs|pythonhosted)", (ROOT / name).read_text())
    ]
    assert found == []
