#!/usr/bin/env python3
"""Check an exported record without Alliance: only this file, Python 3.11 and the export.

    python verify.py record.jsonl --head HASH [--head HASH ...]

The export holds one JSON object a line. Its `hash` is SHA-256, in hex, over these values as UTF-8,
joined by line feeds: position, prev, uuid, at, actor_uuid (empty when null), verb, kind,
object_uuid, facts. `prev` is the hash of the line before, or 64 zeros on the first. Heads are the
hashes that were published at some time: each must occur, else the end was cut off or rewritten.
Exit status: 0 the record is intact, 1 it is not, 2 it could not be read.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

GENESIS = "0" * 64
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Entry:
    """One line of an export: a link of the chain with the record it holds."""

    position: int
    prev: str
    hash: str
    uuid: str
    at: str
    actor_uuid: str | None
    verb: str
    kind: str
    object_uuid: str
    facts: str

    def computed_hash(self) -> str:
        parts = [
            str(self.position),
            self.prev,
            self.uuid,
            self.at,
            self.actor_uuid or "",
            self.verb,
            self.kind,
            self.object_uuid,
            self.facts,
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Broken:
    """The first place at which the chain is broken; `position` is the expected position."""

    position: int
    reason: str

    def __str__(self) -> str:
        return f"Broken at position {self.position}: {self.reason}"


def verify(entries: Iterable[object], heads: Iterable[str] = ()) -> Broken | None:
    """Return None when every link follows from the one before and every published head occurs."""
    missing = set(heads)
    prev, position, seen = GENESIS, 0, set[str]()
    for position, loaded in enumerate(entries, start=1):
        entry = parse(loaded)
        if isinstance(entry, str):
            return Broken(position, entry)
        if entry.position != position:
            return Broken(position, f"the line says position {entry.position}")
        if entry.prev != prev:
            return Broken(position, "it does not follow from the line before")
        if entry.computed_hash() != entry.hash:
            return Broken(position, "its content does not give its hash")
        if entry.uuid in seen:
            return Broken(position, f"record {entry.uuid} occurs twice")
        seen.add(entry.uuid)
        prev = entry.hash
        missing.discard(prev)
    if missing:
        return Broken(position + 1, f"published head {min(missing)} does not occur")
    return None


def parse(loaded: object) -> Entry | str:
    """Return the entry, or why it is not valid. Strict: no other bytes can give the same hash."""
    if not isinstance(loaded, dict) or set(loaded) != {field.name for field in fields(Entry)}:
        return "the line is not a record"
    position = loaded["position"]
    if type(position) is not int:
        return "position is not a whole number"
    patterns = {
        "prev": _HASH,
        "hash": _HASH,
        "uuid": _UUID,
        "at": _INSTANT,
        "verb": _CODE,
        "kind": _CODE,
        "object_uuid": _UUID,
    }
    for name, pattern in patterns.items():
        if not isinstance(loaded[name], str) or not pattern.fullmatch(loaded[name]):
            return f"{name} is malformed or missing"
    actor = loaded["actor_uuid"]
    if actor is not None and not (isinstance(actor, str) and _UUID.fullmatch(actor)):
        return "actor_uuid is malformed"
    facts = loaded["facts"]
    if not isinstance(facts, str) or re.search("[\ud800-\udfff]", facts):
        return "facts is malformed"
    return Entry(**loaded)


def read(lines: Iterable[str]) -> Iterator[object]:
    """Yield each line as JSON; None, which does not verify, for invalid JSON or a repeated key."""
    for line in lines:
        try:
            yield json.loads(line, object_pairs_hook=_unique)
        except (ValueError, RecursionError):
            yield None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) != len({key for key, _ in pairs}):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Check an exported record.")
    parser.add_argument("file", help="the JSON-lines file of `manage.py export_record`")
    parser.add_argument("--head", action="append", default=[], help="a published hash")
    options = parser.parse_args(arguments)
    try:
        # newline="\n": a stray carriage return or U+2028 must not become a line end.
        with open(options.file, encoding="utf-8", newline="\n") as lines:
            count = 0

            def counted() -> Iterator[object]:
                nonlocal count
                for loaded in read(lines):
                    count += 1
                    yield loaded

            broken = verify(counted(), options.head)
    except (OSError, UnicodeDecodeError) as error:
        print(f"Cannot read {options.file}: {error}", file=sys.stderr)
        return 2
    if broken:
        print(broken)
        return 1
    print(f"The record is intact: {count} links, {len(options.head)} published heads found.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
