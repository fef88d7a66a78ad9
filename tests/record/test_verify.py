"""The stand-alone verifier: what stands is accepted, every tampering is found."""

import json
import random
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from common.record import verify as module
from common.record.actions import write
from common.record.verify import GENESIS, Broken, Entry, main, read, verify

LENGTH = 40
Line = dict[str, Any]
TAMPERINGS = 10_000


def chain(length: int = LENGTH, seed: int = 1) -> list[Line]:
    random_bits = random.Random(seed)
    entries, prev = [], GENESIS
    for position in range(1, length + 1):
        entry = Entry(
            position=position,
            prev=prev,
            hash="",
            uuid=str(UUID(int=random_bits.getrandbits(128))),
            at=f"2026-01-02T03:04:{position % 60:02}.000000Z",
            actor_uuid=random_bits.choice([None, str(UUID(int=random_bits.getrandbits(128)))]),
            verb=random_bits.choice(["approved", "opened", "closed"]),
            kind=random_bits.choice(["vote", "ballot"]),
            object_uuid=str(UUID(int=random_bits.getrandbits(128))),
            facts=json.dumps({"number": random_bits.randrange(10**6)}),
        )
        entry = replace(entry, hash=entry.computed_hash())
        entries.append(asdict(entry))
        prev = entry.hash
    return entries


def rehash(entries: list[Line], start: int) -> None:
    """What a careful forger does: makes the hashes right again from `start` on."""
    prev = entries[start - 1]["hash"] if start else GENESIS
    for index in range(start, len(entries)):
        entry = Entry(**{**entries[index], "position": index + 1, "prev": prev})
        prev = entry.computed_hash()
        entries[index] = asdict(replace(entry, hash=prev))


def tamper(entries: list[Line], chance: random.Random) -> int:
    """One forgery, in place; answers the position from which the chain cannot hold."""
    kind = chance.choice(["edit", "delete", "swap", "truncate", "insert", "repeat", "rewrite"])
    at = chance.randrange(len(entries))
    if kind == "edit":
        edit(entries[at], chance)
    elif kind == "delete":
        del entries[at]
    elif kind == "swap":
        other = chance.choice([index for index in range(len(entries)) if index != at])
        entries[at], entries[other] = entries[other], entries[at]
        at = min(at, other)
    elif kind == "truncate":
        del entries[at:]
    elif kind == "insert":
        entries.insert(at, chance.choice(chain(5, seed=chance.randrange(1000) + 2)[1:]))
    elif kind == "repeat":
        entries.insert(at, dict(chance.choice(entries)))
        while at < len(entries) - 1 and entries[at] == entries[at + 1]:
            at += 1
    else:
        entries[at]["facts"] = f'{{"number": {10**6 + chance.randrange(10**6)}}}'
        rehash(entries, at)
        at = len(entries)  # consistent in itself: only the published head tells
    return at + 1


def edit(entry: Line, chance: random.Random) -> None:
    field = chance.choice(list(entry))
    before = entry[field]
    while entry[field] == before:
        match field:
            case "position":
                entry[field] = chance.choice(
                    [chance.randrange(100), str(before), before + 0.0, True]
                )
                if entry[field] == before and type(entry[field]) is not int:
                    return
            case "facts":
                entry[field] = chance.choice([before + " ", "{}", before[:-1], None, "\ud800"])
            case "actor_uuid":
                entry[field] = chance.choice([None, "", str(UUID(int=chance.getrandbits(128)))])
            case "verb" | "kind":
                entry[field] = chance.choice([f"{before}\nx", "x", before.upper(), before + "\n"])
            case "at":
                entry[field] = before.replace("2026", chance.choice(["2025", "２０２６"]))
            case _:
                place = chance.randrange(len(before))
                entry[field] = (
                    before[:place] + chance.choice("0123456789abcdef") + before[place + 1 :]
                )


def test_untouched_chain_stands() -> None:
    entries = chain()

    assert verify(entries) is None
    assert verify(entries, [entries[5]["hash"], entries[-1]["hash"]]) is None
    assert verify([]) is None


def test_ten_thousand_tamperings_are_all_found() -> None:
    original = chain()
    head = original[-1]["hash"]
    for seed in range(TAMPERINGS):
        entries = [dict(entry) for entry in original]
        position = tamper(entries, random.Random(seed))
        broken = verify(entries, [head])
        assert broken is not None, f"seed {seed} is not found"
        assert broken.position == position, f"seed {seed}: {broken}"


def test_values_cannot_move_across_the_line_feeds_between_them() -> None:
    entry = chain(1)[0]
    verb, kind = entry["verb"], entry["kind"]
    moved = {**entry, "verb": f"{verb}\n{kind}", "kind": entry["object_uuid"]}

    assert verify([moved]) == Broken(1, "verb is malformed or missing")


def test_chain_without_its_tail_needs_a_published_head() -> None:
    entries = chain()

    assert verify(entries[:-1]) is None
    assert "does not occur" in str(verify(entries[:-1], [entries[-1]["hash"]]))


@pytest.mark.parametrize(
    "line", ["", "nonsense", "[]", '{"position": 1}', "[" * 100_000, '{"a": 1, "a": 1}']
)
def test_lines_that_are_no_records_are_named(line: str) -> None:
    good = [json.dumps(entry) for entry in chain(2)]

    assert str(verify(read([*good, line]))).startswith("Broken at position 3:")


def test_line_with_an_unknown_key_is_no_record() -> None:
    assert verify([{**chain(1)[0], "note": "x"}]) == Broken(1, "the line is not a record")


def test_verifier_runs_alone_and_names_the_place(tmp_path: Path) -> None:
    entries = chain(10)
    file = tmp_path / "record.jsonl"
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    command = [sys.executable, "-I", str(Path(module.__file__)), str(file), "--head"]

    good = subprocess.run([*command, entries[-1]["hash"]], capture_output=True, text=True)
    bad = subprocess.run([*command, "f" * 64], capture_output=True, text=True)

    assert (good.returncode, bad.returncode) == (0, 1)
    assert "10 links" in good.stdout
    assert "position 11" in bad.stdout


def test_unreadable_file_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    assert main([str(tmp_path / "none")]) == 2
    assert main([str(binary)]) == 2
    assert "Cannot read" in capsys.readouterr().err


def test_export_is_what_the_verifier_reads(
    committed_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        facts = {"number": number, "code": "état"}
        write(actor_uuid=None, verb="lapsed", kind="vote", object_uuid=uuid4(), facts=facts)
    file = tmp_path / "record.jsonl"

    call_command("export_record", str(file))
    head = capsys.readouterr().out.split()[-1]

    assert main([str(file), "--head", head]) == 0
