"""The catalogue of events: what is announced is catalogued, and fits."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import wealthnexus
from wealthnexus.domain import work
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.kit.events import EventType, catalogue, checked_payload, emit, envelope, event_type, register
from wealthnexus.kit.ids import new_id

from tests.support.engines import Firm, Person

SOURCE = Path(wealthnexus.__file__).parent
EMITTERS = ("emit", "emit_many")


def load_everything() -> None:
    for module in pkgutil.walk_packages(wealthnexus.__path__, "wealthnexus."):
        if module.name.startswith(("wealthnexus.domain", "wealthnexus.kit")):
            importlib.import_module(module.name)


class Emit:
    """One call of ``emit`` in the source: where, which event, which payload fields (None: not literal)."""

    def __init__(self, path: Path, call: ast.Call, parameters: dict[str, str]) -> None:
        self.place = f"{path.relative_to(SOURCE)}:{call.lineno}"
        module = importlib.import_module(
            "wealthnexus." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        )
        self.name = self._name(call.args[1] if len(call.args) > 1 else None, module, parameters)
        payload = next((word.value for word in call.keywords if word.arg == "payload"), None)
        if ast.unparse(call.func).split(".")[-1] == "emit_many":
            payload = _of_each(call.args[2])
        self.fields: set[str] | None = set()
        if isinstance(payload, ast.Dict):
            self.fields = {key.value for key in payload.keys if isinstance(key, ast.Constant)}
        elif payload is not None:
            self.fields = None  # built elsewhere: emit itself checks it

    def _name(self, argument: Any, module: Any, parameters: dict[str, str]) -> str | None:
        """A literal, or ``.name`` of an EventType: one of the module's, or a parameter of that type."""
        if isinstance(argument, ast.Constant):
            return str(argument.value)
        assert isinstance(argument, ast.Attribute), f"{self.place}: the event is not named plainly"
        assert argument.attr == "name", f"{self.place}: expected the name of an EventType"
        owner = ast.unparse(argument.value)
        if parameters.get(owner) == "EventType":
            return None
        entry = eval(owner, vars(module))
        assert isinstance(entry, EventType), f"{self.place}: {owner} is not an EventType"
        return entry.name


def _of_each(occurred: ast.expr) -> ast.expr:
    """The payload of ``[Occurred(payload, ...) for ...]``."""
    found = [node for node in ast.walk(occurred) if isinstance(node, ast.Call)
             and ast.unparse(node.func) == "Occurred"]  # fmt: skip
    return found[0].args[0] if found else occurred


def emit_calls() -> list[Emit]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            parameters = {
                argument.arg: ast.unparse(argument.annotation)
                for argument in [*function.args.args, *function.args.kwonlyargs]
                if argument.annotation
            }
            found += [
                Emit(path, node, parameters)
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and ast.unparse(node.func).split(".")[-1] in ("emit", "emit_many")
            ]
    return found


def announced_constants() -> set[str]:
    """Names of catalogue constants (``USER_INVITED = register(...)``) that other code mentions."""
    text = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    constants = {
        constant: name
        for source in text.values()
        for constant, name in re.findall(r"^([A-Z_]+) = register\(\s*\"([a-z_.]+)\"", source, re.MULTILINE)
    }
    return {
        name
        for constant, name in constants.items()
        if sum(len(re.findall(rf"\b{constant}\b", source)) for source in text.values()) > 1
    }


def test_every_emit_in_the_source_is_catalogued_and_its_payload_fits() -> None:
    load_everything()
    known = {entry.name: entry for entry in catalogue()}
    calls = emit_calls()
    wrong = []
    for call in calls:
        if call.name is None:
            continue  # an EventType is made by register alone
        if call.name not in known:
            wrong.append(f"{call.place}: {call.name} is not in the catalogue")
        elif call.fields is not None and call.fields != set(known[call.name].fields):
            wrong.append(
                f"{call.place}: {call.name} takes {sorted(known[call.name].fields)},"
                f" got {sorted(call.fields)}"
            )
    assert wrong == []
    assert len(calls) >= 12, "the search found fewer calls than there are"
    emitted = {call.name for call in calls} | announced_constants()
    assert set(known) - emitted == set(), "in the catalogue, never announced"


def test_only_register_makes_event_types() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bEventType\(", path.read_text(encoding="utf-8")) and path.name != "events.py"
    ]
    assert found == []


def test_the_page_lists_the_catalogue() -> None:
    load_everything()
    expected = [
        f"| `{entry.name}` | {entry.description} |"
        f" {', '.join(f'`{field}` {kind}' for field, kind in entry.fields.items())} |"
        for entry in catalogue()
    ]
    page = (SOURCE.parents[1] / "docs" / "domain" / "events.md").read_text(encoding="utf-8").splitlines()
    listed = page[page.index("|---|---|---|", page.index("## The catalogue")) + 1 :]
    assert listed == expected


def test_events_carry_no_names_and_no_amounts() -> None:
    load_everything()
    suspicious = ("name", "email", "label", "title", "amount", "value", "quantity", "price")
    found = [
        f"{entry.name}.{field}"
        for entry in catalogue()
        for field in entry.fields
        if any(word in field.lower() for word in suspicious)
    ]
    assert found == []


def test_a_catalogued_name_cannot_be_taken_twice() -> None:
    with pytest.raises(ValueError, match="is in the catalogue already, with another payload"):
        register("work.item.posted", description="Something else.", fields={"x": "id"})
    with pytest.raises(ValueError, match=r"is not named room\.subject\.past_verb"):
        register("posted", description="", fields={})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": None}, "kind of work.item.posted is None, expected text"),
        ({"workItemId": "1"}, "workItemId of work.item.posted is '1', expected id"),
        ({"extra": 1}, "not in the catalogue extra"),
        ({"kind": ...}, "missing kind"),
    ],
)
def test_a_payload_that_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    payload = {"workItemId": new_id(), "kind": "a.b", "ownerRole": None, **change}
    payload = {name: value for name, value in payload.items() if value is not ...}
    with pytest.raises(ValueError, match=message):
        checked_payload(event_type("work.item.posted"), payload)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", 1, True),
        ("boolean", True, 1),
        ("date", datetime(2021, 3, 31, tzinfo=UTC).date(), datetime(2021, 3, 31, tzinfo=UTC)),
        ("instant", datetime(2021, 3, 31, tzinfo=UTC), datetime(2021, 3, 31)),  # noqa: DTZ001
        ("decimal", Decimal("1.0"), 1.0),
        ("ids", [new_id()], ["x"]),
        ("text?", None, 1),
    ],
)
def test_field_types(kind: Any, good: Any, bad: Any) -> None:
    entry = EventType("a.b.c", 1, {"field": kind}, "")
    assert checked_payload(entry, {"field": good}) == {"field": good}
    with pytest.raises(ValueError, match=f"expected {kind.replace('?', '.')}"):
        checked_payload(entry, {"field": bad})


async def test_the_envelope_tells_who_from_where_and_nothing_personal(firm: Firm) -> None:
    dana = await firm.person("Dana Smith")
    request = RequestInfo("req-1", "192.0.2.7", "Firefox", causation_id=new_id())
    subject = await firm.subject()
    async with firm.writing(dana, request=request) as uow:
        event_id = await emit(
            uow,
            "work.item.posted",
            subject_id=subject,
            payload={"workItemId": subject, "kind": "a.b", "ownerRole": None},
            book_version=7,
        )
    row = await firm.row(outbox, event_id)
    assert envelope(row) == {
        "eventId": str(event_id),
        "eventType": "work.item.posted",
        "version": 1,
        "seq": None,
        "occurredAt": row.occurred_at.isoformat(),
        "tenantId": str(firm.id),
        "subjectId": str(subject),
        "bookVersion": 7,
        "actor": {"kind": "user", "id": str(dana.user_id)},
        "correlationId": str(request.correlation_id),
        "causationId": str(request.causation_id),
        "payload": {"workItemId": str(subject), "kind": "a.b", "ownerRole": None},
    }


async def test_what_is_rolled_back_is_not_announced(firm: Firm) -> None:
    class Stop(Exception):
        pass

    async def post() -> None:
        async with firm.writing() as uow:
            await work.post_item(uow, kind="a.b", title="T", action_label="Go", action_path="/x")
            raise Stop

    with pytest.raises(Stop):
        await post()
    assert await firm.rows(outbox) == []


async def test_a_payload_that_is_a_document_is_refused(firm: Firm) -> None:
    async with firm.writing(Person(new_id(), "Dana")) as uow:
        with pytest.raises(ValueError, match="at most 8000 are allowed"):
            await emit(
                uow,
                "work.item.posted",
                payload={"workItemId": new_id(), "kind": "x" * 9_000, "ownerRole": None},
            )
