"""What is said to a person comes from the catalogue of words, never from a literal where it is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from wealthnexus.kit.errors import DomainError

from tests.kit.test_events import load_everything
from tests.test_tidy import PYTHON, relative

SPEAKING = {"error_response", "neutral_page", "Problem", "post_item", "post_finding", "enqueue"}
# For an operator at a terminal, who reads the programme's own language: commands and firm folders. And what
# the protocol itself refuses, beside graphql-core's own sentences, for whoever writes the programme.
TERMINAL = ("wealthnexus/cli/", "domain/firms/config.py", "domain/firms/service.py")


def families(kind: type[DomainError]) -> Iterator[str]:
    yield kind.__name__
    for further in kind.__subclasses__():
        yield from families(further)


def is_sentence(node: ast.expr) -> bool:
    """Text with words in it, however it is put together."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value.strip()
    if isinstance(node, ast.JoinedStr):
        return any(is_sentence(part) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.BinOp):
        return is_sentence(node.left) or is_sentence(node.right)
    if isinstance(node, ast.IfExp):
        return is_sentence(node.body) or is_sentence(node.orelse)
    return False


def literal_sentences(source: str, speaking: set[str]) -> list[int]:
    """Lines on which a sentence is said that the catalogue does not know."""
    tree = ast.parse(source)
    named = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and is_sentence(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        is_error = called == "__init__" and isinstance(node.func, ast.Attribute)
        if called not in speaking and not is_error:
            continue
        said = (*node.args, *(keyword.value for keyword in node.keywords))
        found += [
            given.lineno
            for given in said
            if is_sentence(given) or (isinstance(given, ast.Name) and given.id in named)
        ]
    return found


@pytest.mark.unit
def test_no_refusal_is_a_literal() -> None:
    load_everything()
    speaking = SPEAKING | set(families(DomainError))
    found = [
        f"{relative(path)}:{line}"
        for path in PYTHON
        if "backend/wealthnexus/" in relative(path) and not any(part in relative(path) for part in TERMINAL)
        for line in literal_sentences(Path(path).read_text(encoding="utf-8"), speaking)
    ]
    assert found == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("raise NotFound('there is none')", [1]),
        ("raise NotFound(f'there is no {what}', path=('id',))", [1]),
        ("raise NotFound('none: ' + 'nothing there')", [1]),
        ("said = 'there is none'\nraise NotFound(said)", [2]),
        ("raise NotFound(NO_ITEM(id=key))", []),
        ("raise NotFound(f'{first}{second}')", []),
        ("raise ValueError('a bug of ours')", []),
    ],
)
def test_the_guard_knows_a_literal_when_it_sees_one(source: str, lines: list[int]) -> None:
    assert literal_sentences(source, {"NotFound"}) == lines
