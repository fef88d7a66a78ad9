"""What an installation of before left in the world goes on working: addresses, links, cookies,
tokens, queued mail, exports. `make.py` says how `first/` was made."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from alliance.backup import restore
from common.mail.actions import release
from common.record.queries import export
from common.record.registry import tracked_models
from common.record.verify import verify
from demo.clock import Clock, set_back
from members.organizations.csv_files import COLUMNS
from members.people.models import Person
from tests.browser import signed_in
from tests.committed import copied_db
from tests.compatibility.make import (
    addresses,
    code,
    keys_of,
    path_of,
    preferences_of,
    run_task,
    stored_names,
    text_of,
)

# One worker restores the backup for all of these tests.
pytestmark = [pytest.mark.platform, pytest.mark.xdist_group("former-installation")]

FIRST = Path(__file__).parent / "first"
OF_STAFF = {"application_received", "legal_name_asked", "representative_missing"}
LEFT: dict[str, Any] = json.loads((FIRST / "left.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def restored(
    migrated_db: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The backup, restored and migrated, on the day on which it was made."""
    from django.conf import settings

    place = tmp_path_factory.mktemp("former")
    (place / "backup.tar").write_bytes(gzip.decompress((FIRST / "backup.tar.gz").read_bytes()))
    before = settings.SECRET_KEY, settings.MEDIA_ROOT
    settings.SECRET_KEY, settings.MEDIA_ROOT = LEFT["secret_key"], place / "files"
    with copied_db(django_db_blocker), set_back(Clock(datetime.fromisoformat(LEFT["made_at"]))):
        restore(place / "backup.tar")
        call_command("migrate", verbosity=0)
        release()
        yield
    settings.SECRET_KEY, settings.MEDIA_ROOT = before


def former_record() -> list[dict[str, Any]]:
    lines = gzip.decompress((FIRST / "record.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def test_each_former_address_is_still_one() -> None:
    former = (FIRST / "addresses.txt").read_text("utf-8").splitlines()

    assert {unnamed(address) for address in former} - {*map(unnamed, addresses())} == set()


def unnamed(address: str) -> str:
    """The address without the names that code has for its variable parts."""
    return re.sub("<[^>]+>", "<>", address)


def test_the_description_of_the_api_lacks_nothing_of_before(db: None) -> None:
    former = json.loads(gzip.decompress((FIRST / "api.json.gz").read_bytes()))
    now = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()

    assert sorted(promises(former) - promises(now)) == []


def test_each_former_act_is_still_one_of_a_tracked_model() -> None:
    known = {
        (tracked.kind, verb.value)
        for tracked in tracked_models()
        for verbs in tracked.verbs
        for verb in verbs
    }

    assert {(act["kind"], act["verb"]) for act in former_record()} - known == set()


def promises(schema: dict[str, Any]) -> set[str]:
    """Operations with their parameters, bodies and answers, down to fields and values."""
    found = set()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            found.add(name)
            found |= {f"{name} ?{each['name']}" for each in operation.get("parameters", [])}
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for content in body.get("content", {}).values():
                    found |= {f"{name} {each}" for each in parts(content["schema"], schema, 0)}
    return found


def parts(part: dict[str, Any], schema: dict[str, Any], depth: int) -> Iterator[str]:
    """Fields and values of a schema, and of those it refers to, four deep."""
    if depth > 4 or not part:
        return
    if name := part.get("$ref", "").rpartition("/")[2]:
        yield from parts(schema["components"]["schemas"][name], schema, depth)
    for value in part.get("enum", []):
        yield f"={value}"
    for nested in [*part.get("oneOf", []), *part.get("allOf", []), part.get("items", {})]:
        yield from parts(nested, schema, depth)
    for field, nested in part.get("properties", {}).items():
        yield field
        yield from (f"{field}.{each}" for each in parts(nested, schema, depth + 1))


def test_the_record_of_before_verifies_now_and_the_record_of_now_as_before(
    restored: None, tmp_path: Path
) -> None:
    former, now = former_record(), list(export())

    assert verify(former) is None
    assert verify(now, heads=[former[-1]["hash"]]) is None
    file = tmp_path / "record.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in now))
    command = [sys.executable, str(FIRST / "verify.py"), str(file), "--head", former[-1]["hash"]]
    verified = subprocess.run(command, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_each_link_of_a_former_mail_is_answered_as_before(restored: None) -> None:
    answers = {link: code for each in LEFT["mails"] for link, code in each["links"].items()}

    now = {link: Client().get(path_of(link)).status_code for link in answers}
    assert now == answers


def test_a_browser_stays_signed_in_and_a_token_and_a_calendar_stay_valid(restored: None) -> None:
    browser = signed_in_before()
    bearer = {"Authorization": f"Bearer {LEFT['token']}"}

    assert browser.get("/my/").status_code == 200
    assert Client().get("/api/v1/me/", headers=bearer).json()["email"] == "chair@lumen.example"
    calendar = Client().get(LEFT["calendar"])
    assert (calendar.status_code, calendar["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    # Those of administration are shown to staff alone since.
    expected = {name: at for name, at in LEFT["preferences"].items() if name not in OF_STAFF}
    assert preferences_of(browser).items() >= expected.items()


def signed_in_before() -> Client:
    browser = Client()
    for name, value in LEFT["cookies"].items():
        browser.cookies[name] = value
    return browser


def test_pages_show_the_installation_of_before_without_a_fault(restored: None) -> None:
    """Every address of before that needs no further part, as its chair and as a stranger."""
    browser, faults = signed_in_before(), {}
    for address in (FIRST / "addresses.txt").read_text("utf-8").splitlines():
        if "<" in address:
            continue
        for client in (browser, Client()):
            if (code := client.get(address).status_code) >= 500:
                faults[address] = code

    assert faults == {}


def test_what_waited_for_the_worker_is_done(restored: None) -> None:
    waiting = LEFT["waiting"]
    assert waiting["events"]
    assert waiting["mails"]

    run_task("notifications.tell")
    run_task("mail.deliver_due")

    assert sorted({message.to[0] for message in mail.outbox}) == sorted(
        {address for _kind, address, _key in waiting["mails"]}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT dedupe_key FROM mail_message WHERE state = 'sent'")
        sent = {key for (key,) in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM notifications_event WHERE expanded_at IS NULL")
        assert cursor.fetchone() == (0,)
    assert {key for _kind, _address, key in waiting["mails"]} <= sent


def test_each_former_name_in_tables_exports_settings_and_commands_is_still_one() -> None:
    former = set((FIRST / "names.txt").read_text("utf-8").splitlines())
    own = {name for name in former if name.startswith("export ")}

    texts = "\n".join(text_of(file) for file in code())
    # A parameter and a salt may be written down in another way than before.
    kept = {name for name in former if name.startswith(("parameter ", "salt "))}
    assert {name for name in kept if f'"{name.split()[1]}"' not in texts} == set()
    assert former - own - kept - stored_names() - columns_of_members() == set()


def columns_of_members() -> set[str]:
    return {f"members.csv {column}" for column in COLUMNS}


def test_an_export_of_ones_own_data_has_the_keys_of_before(restored: None) -> None:
    former = (FIRST / "names.txt").read_text("utf-8").splitlines()
    keys = {name.removeprefix("export ") for name in former if name.startswith("export ")}

    # The sign-in of before is no longer a recent one.
    browser = signed_in(Person.objects.get(email="chair@lumen.example"))
    exported = browser.get("/settings/my-data/")
    assert keys - keys_of(exported.json()) == set()
