"""The commands for firms, people, books and audit, one after the other as an operator uses them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from wealthnexus.demo.people import user as demo_user

from tests.ops.test_cli import HOLDER, environment, reset, wealthnexus
from tests.support.processes import short_folder

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data folder with running servers, migrated, with both demo firms and nobody in them."""
    with short_folder() as folder:
        data_dir = folder / "data"
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER], env=environment(data_dir), stdout=subprocess.PIPE, text=True
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "up\n"
            assert wealthnexus(data_dir, "migrate").returncode == 0
            applied = wealthnexus(data_dir, "firm", "apply")
            assert applied.stdout == "harbor: created\nsummit: created\n"
            yield data_dir
            holder.terminate()


def test_applying_again_changes_nothing(data_dir: Path) -> None:
    assert wealthnexus(data_dir, "firm", "apply").stdout == "harbor: unchanged\nsummit: unchanged\n"
    listed = wealthnexus(data_dir, "firm", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["slug", "harbor", "summit"]
    missing = wealthnexus(data_dir, "firm", "apply", "tenants/none")
    assert missing.returncode == 1
    assert missing.stderr.startswith("Error: tenants/none/tenant.toml cannot be read")


def test_the_first_administrator_is_invited(data_dir: Path) -> None:
    invite = ("user", "invite", "ana@summit.example", "--firm", "summit", "--name", "Ana Ruiz")
    unknown = wealthnexus(data_dir, *invite, "--role", "boss")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("Error: There is no role 'boss', nobody was invited; the roles")
    done = wealthnexus(data_dir, *invite, "--role", "firm_admin")
    assert done.stdout.startswith("Invited Ana Ruiz <ana@summit.example> to summit as FIRM_ADMIN.\n")
    twice = wealthnexus(data_dir, *invite, "--role", "firm_admin")
    assert twice.returncode == 1
    listed = wealthnexus(data_dir, "user", "list", "--firm", "summit").stdout.splitlines()
    assert len(listed) == 2
    assert re.split(r"\s{2,}", listed[1]) == [
        "ana@summit.example", "Ana Ruiz", "FIRM_ADMIN", "firm", "INVITED", "never",
    ]  # fmt: skip
    # Invited is not active: nobody can act as her yet.
    refused = wealthnexus(data_dir, "token", "--firm", "summit")
    assert refused.returncode == 1
    assert refused.stdout == ""


def test_the_audit_chain_of_every_firm_is_verified_and_exported(data_dir: Path, tmp_path: Path) -> None:
    done = wealthnexus(data_dir, "audit", "verify", "--export", str(tmp_path))
    assert done.returncode == 0
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["harbor", "summit"]
    assert "Chain verified" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["harbor.jsonl", "summit.jsonl"]
    nobody = wealthnexus(data_dir, "audit", "verify", "--firm", "nope")
    assert nobody.stderr == "Error: no firm is called 'nope'; `wealthnexus firm list` shows those there are\n"


def test_a_bundle_that_is_not_there(data_dir: Path) -> None:
    done = wealthnexus(data_dir, "import", "/nowhere/books", "--firm", "summit")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: books: no such file or folder; expected a bundle folder or a zip")


def test_a_demo_persons_second_factor(data_dir: Path) -> None:
    person = demo_user("anna.lindahl@summitridge.example")
    secret = wealthnexus(data_dir, "user", "code", person.email, "--secret").stdout.strip()
    assert secret == person.totp_secret
    code = wealthnexus(data_dir, "user", "code", person.email).stdout.strip()
    assert pyotp.TOTP(secret).verify(code, valid_window=1)
    unknown = wealthnexus(data_dir, "user", "code", "who@x.example")
    assert unknown.stderr == (
        "Error: who@x.example is not a person of the demo; `wealthnexus demo` prints who is.\n"
    )


def test_the_recorded_schema_is_the_schema(data_dir: Path, tmp_path: Path) -> None:
    written = tmp_path / "schema.graphql"
    assert wealthnexus(data_dir, "schema", "--output", str(written)).returncode == 0
    assert wealthnexus(data_dir, "schema", "--check", str(written)).returncode == 0
    written.write_text(written.read_text() + "type Extra { id: ID! }\n")
    differs = wealthnexus(data_dir, "schema", "--check", str(written))
    assert differs.returncode == 1
    assert differs.stderr.startswith(f"Error: {written} is not the schema of this code; run `")


def test_a_reset_while_the_servers_run_is_refused(data_dir: Path) -> None:
    done = reset(data_dir)
    assert done.returncode == 1
    assert f"The data folder {data_dir} is in use by process" in done.stderr
    assert (data_dir / "postgres").exists()
