#!/usr/bin/env python3
"""Verify an exported audit log, without the product and without trusting it.

Usage:  wealthnexus audit export --firm SLUG > audit.jsonl
        python3 verify_audit.py audit.jsonl [--head HASH] [--quiet]

Needs Python 3.9 or newer and nothing else. Prints how many events were verified and the head of the
chain; exit status 0: every event is as it was written and sealed; 1: the first place that does not
hold is named; 2: the file cannot be read.

What is checked, for each line in order:
  content hash  SHA-256 of the event's canonical JSON (UTF-8, keys sorted, no spaces)
  chain hash    SHA-256 of previous chain hash (32 bytes) + seq (8 bytes, big-endian) + event id (16
                bytes) + content hash (32 bytes); before seq 1 stands SHA-256("wealthnexus-audit/1" +
                the firm's id (16 bytes))
  order         seq counts 1, 2, 3, … without a gap; no event is sealed twice
A log that was cut off at its end still verifies: keep the printed head elsewhere and give it as --head
next time, it must appear in the chain.
"""

import argparse
import hashlib
import json
import sys
import uuid

FORMAT = "wealthnexus-audit/1"


class Broken(Exception):
    """The log does not hold; the message says where and why."""


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def content_hash(event):
    return hashlib.sha256(canonical(event)).digest()


def chain_hash(previous, seq, audit_id, content):
    return hashlib.sha256(previous + seq.to_bytes(8, "big") + audit_id.bytes + content).digest()


def from_hex(line, name, where):
    try:
        value = bytes.fromhex(line[name])
    except (KeyError, TypeError, ValueError):
        value = b""
    if len(value) != 32:
        raise Broken(f"{where}: {name} is not a SHA-256 in hex")
    return value


def check_event(line, tenant_id, where):
    """The content hash that the line states, if it is that of its event."""
    event, stated = line.get("event"), from_hex(line, "content_hash", where)
    if not isinstance(event, dict):
        raise Broken(f"{where}: the event {line.get('audit_id')} is gone")
    if event.get("id") != line.get("audit_id") or event.get("tenant_id") != tenant_id:
        raise Broken(f"{where}: the event belongs to another place or another firm")
    if content_hash(event) != stated:
        raise Broken(f"{where}: the event {event.get('id')} was altered")
    return stated


def verify(lines, heads):
    """(sealed, unsealed, head seq, head hash); Broken at the first line that does not hold."""
    header = next(lines, None)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Broken(f"line 1: this is not an export of the format {FORMAT}")
    tenant_id = header["tenant_id"]
    previous = hashlib.sha256(FORMAT.encode() + uuid.UUID(tenant_id).bytes).digest()
    seen, seq, unsealed = set(), 0, 0
    for line in lines:
        audit_id = uuid.UUID(str(line.get("audit_id")))
        if audit_id in seen:
            raise Broken(f"seq {line.get('seq')}: the event {audit_id} is there twice")
        seen.add(audit_id)
        if line.get("seq") is None:
            unsealed += 1
            check_event(line, tenant_id, f"unsealed event {audit_id}")
            continue
        if unsealed:
            raise Broken(f"seq {line['seq']}: a sealed event stands after unsealed ones")
        seq += 1
        if line["seq"] != seq:
            raise Broken(f"seq {seq}: it is missing (the next one is {line['seq']})")
        where = f"seq {seq}"
        if from_hex(line, "previous_hash", where) != previous:
            raise Broken(f"{where}: it does not follow the one before it")
        stated = check_event(line, tenant_id, where)
        linked = chain_hash(previous, seq, audit_id, stated)
        if linked != from_hex(line, "chain_hash", where):
            raise Broken(f"{where}: its chain hash does not match its contents")
        previous = linked
        heads.discard(linked.hex())
    if heads:
        raise Broken(f"the head {sorted(heads)[0]} is not in this chain: events were removed from its end")
    return seq, unsealed, previous


def read(path):
    with open(path, encoding="utf-8") if path != "-" else sys.stdin as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError:
                raise Broken(f"line {number}: this is not JSON") from None
            if not isinstance(line, dict):
                raise Broken(f"line {number}: this is not an object")
            yield line


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="the exported log, or - for standard input")
    parser.add_argument("--head", action="append", default=[], help="a chain hash noted earlier")
    parser.add_argument("--quiet", action="store_true", help="print only what is wrong")
    arguments = parser.parse_args()
    try:
        sealed, unsealed, head = verify(read(arguments.file), {head.lower() for head in arguments.head})
    except Broken as error:
        print(f"BROKEN at {error}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        print(f"the file {arguments.file} cannot be read: {error}", file=sys.stderr)
        return 2
    if not arguments.quiet:
        print(f"verified {sealed} sealed events and {unsealed} unsealed ones")
        print(f"head: seq {sealed}, {head.hex()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
