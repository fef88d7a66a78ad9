"""Make what an installation of today leaves in the world, for tests of later releases.

    DATA_DIR=/tmp/old make demo
    DATA_DIR=/tmp/old DEVELOPMENT=1 python -m alliance.server with \
        python -m tests.compatibility.make tests/compatibility/NAME

Everything is done as browsers, workers and operators do it: by addresses, forms, names of tasks and
of commands. These keep their names, so this file goes on working when the code is renamed.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

GROUP = "trust-and-safety-evaluations"
ROOT = Path(__file__).parents[2]
# Of no installation: a test has to read what was signed with it.
SECRET_KEY = "of-no-installation-" * 4
# A link in a plain mail, up to white space or what closes it.
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,)]")


def main(folder: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    settings.ALLOWED_HOSTS, settings.SECRET_KEY = ["*"], SECRET_KEY
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    left: dict[str, Any] = {"secret_key": SECRET_KEY}
    # The demo's own mails are not sent.
    run_task("notifications.tell")
    run_task("mail.deliver_due")

    acts_that_send_links()
    run_task("notifications.tell")
    run_task("mail.deliver_due")
    left["mails"] = mails_with_links()
    left |= secrets_of_the_chair()

    acts_that_wait_for_the_worker()
    left |= {"waiting": waiting(), "made_at": timezone.now().isoformat()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "left.json").write_text(json.dumps(left, indent=1, ensure_ascii=False) + "\n")
    (folder / "addresses.txt").write_text("\n".join(addresses()) + "\n")
    (folder / "api.json.gz").write_bytes(
        gzip.compress(
            browser_of("admin")
            .get("/api/v1/schema/", headers={"Accept": "application/json"})
            .content,
            mtime=0,
        )
    )
    names = sorted(stored_names() | exported_names())
    (folder / "names.txt").write_text("\n".join(names) + "\n")
    record = browser_of("admin").get("/staff/record/export/")
    (folder / "record.jsonl.gz").write_bytes(
        gzip.compress(b"".join(record), mtime=0)  # type: ignore[arg-type]
    )
    with tempfile.TemporaryDirectory() as place:
        call_command("backup", str(Path(place) / "backup.tar"))
        content = (Path(place) / "backup.tar").read_bytes()
    (folder / "backup.tar.gz").write_bytes(gzip.compress(content, mtime=0))


# --- acts ----------------------------------------------------------------------------------------


def acts_that_send_links() -> None:
    """Mails with each kind of link that works without signing in, or after it."""
    chair, admin = browser_of("chair"), browser_of("admin")
    plan_meeting(chair, "Review of the first round")
    topic = {"title": "Which licence?", "source": "Shall we take **CC BY**?", "level": "2"}
    post(chair, f"/groups/{GROUP}/discussion/start/", topic)
    invited = {"address": "guest@elsewhere.example", "level": "participant"}
    post(chair, f"/groups/{GROUP}/people/add/", invited)
    organization = admin.get("/api/v1/organizations/?limit=1").json()["results"][0]["slug"]
    colleague = {"address": "colleague@elsewhere.example", "role": "colleague"}
    post(admin, f"/members/{organization}/invitations/", colleague)


def acts_that_wait_for_the_worker() -> None:
    """Mails that are composed later, mails that wait for their time, and news nobody was told of."""
    chair = browser_of("chair")
    plan_meeting(chair, "Planned, and in the outbox")
    run_task("notifications.tell")
    plan_meeting(chair, "Planned, and not told of")


def plan_meeting(chair: Any, title: str) -> None:
    form = {"duration_minutes": "60", "local_date": "2031-03-04", "local_time": "10:00"}
    post(chair, f"/groups/{GROUP}/meetings/plan/", form | {"title": title, "zone": "Europe/Paris"})


def secrets_of_the_chair() -> dict[str, Any]:
    """What the chair's browser and programs hold: cookies, a token, an address of a calendar."""
    chair = browser_of("chair")
    post(chair, "/calendar/reset/", {})
    calendar = re.search(r"/calendar/[^\s\"<]+\.ics", chair.get("/calendar/").content.decode())
    assert calendar, "The page of the calendar shows no address."
    form = {"name": "nightly export", "scopes": ["read", "write"], "days": "365"}
    page = post(chair, "/settings/tokens/", form, expected=200).content.decode()
    token = re.search(r"alliance_[0-9a-f]{64}", page)
    assert token, "The page of the tokens shows no secret."
    post(chair, "/settings/notices/", preferences_of(chair) | {"topic_started": "off"})
    return {
        "cookies": {name: cookie.value for name, cookie in chair.cookies.items()},
        "token": token.group(),
        "calendar": calendar.group(),
        "preferences": preferences_of(chair),
    }


def preferences_of(browser: Any) -> dict[str, str]:
    """What is chosen on the page of what reaches a person."""
    page = browser.get("/settings/notices/").content.decode()
    return dict(re.findall(r'type="radio"\s+name="(\w+)"\s+value="(\w+)"\s+checked', page))


# --- what was left -------------------------------------------------------------------------------


def mails_with_links() -> list[dict[str, Any]]:
    """One mail of each subject that went out, with its links and what a stranger is answered there."""
    from email import message_from_bytes
    from email.policy import default

    from django.core import mail as sent
    from django.test import Client

    found = {}
    for message in sent.outbox:
        mail = message_from_bytes(message.message().as_bytes(), policy=default)
        body = mail.get_body(("plain",))
        links = sorted(set(_LINK.findall(body.get_content() if body else "")))
        stop = _LINK.findall(str(mail.get("List-Unsubscribe", "")))
        answers = {link: Client().get(path_of(link)).status_code for link in [*links, *stop]}
        found[str(mail["Subject"])] = {"to": str(mail["To"]), "links": answers}
    return list(found.values())


def waiting() -> dict[str, Any]:
    """How much waits for a worker, as the tables say."""
    from django.db import connection

    counts = {}
    with connection.cursor() as cursor:
        for name, statement in WAITING.items():
            cursor.execute(statement)
            counts[name] = cursor.fetchall()
    return counts


WAITING = {
    "events": "SELECT kind, dedupe_key FROM notifications_event WHERE expanded_at IS NULL ORDER BY 2",
    "mails": "SELECT kind, to_address, dedupe_key FROM mail_message WHERE state = 'queued' ORDER BY 3",
    "preferences": "SELECT kind, rhythm, count(*) FROM notifications_preference GROUP BY 1, 2 ORDER BY 1, 2",
}


def addresses() -> list[str]:
    """Every pattern of an address, without the names that code calls it by."""
    from django.urls import get_resolver

    def patterns(resolver: Any, before: str) -> Any:
        for each in resolver.url_patterns:
            address = before + str(each.pattern)
            yield from patterns(each, address) if hasattr(each, "url_patterns") else [address]

    return sorted(re.sub(r"<(\w+:)?(\w+)>", r"<\2>", one) for one in patterns(get_resolver(), "/"))


def stored_names() -> set[str]:
    """Names that stand in the broker, in tables, in the settings of operators and in their commands."""
    from django.apps import apps

    from alliance.celery import app

    app.loader.import_default_modules()
    names = {f"task {name}" for name in app.tasks if not name.startswith(("celery.", "tests."))}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            column = f"column {model._meta.db_table}.{field.column}"
            names |= {column, *(f"{column}={value}" for value, _label in field.flatchoices)}
    names |= {f"make {name}" for name in re.findall(r"^([a-z-]+):", text_of("Makefile"), re.M)}
    for file in code():
        source = text_of(file)
        variables = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source)
        names |= {f"variable {name}" for name in variables}
        names |= {f"parameter {name}" for name in re.findall(r"GET(?:\.get\(|\[)\"(\w+)\"", source)}
        salts = re.findall(r"(?:SALT\w* = |salt=|salted_hmac\(\s*)\"([\w.-]+)\"", source)
        names |= {f"salt {name}" for name in salts}
    return names


def exported_names() -> set[str]:
    """Keys and columns of the files that people take along."""
    chair, admin = browser_of("chair"), browser_of("admin")
    data = chair.get("/settings/my-data/")
    names = {f"export {key}" for key in keys_of(json.loads(content_of(data)))}
    members = content_of(admin.get("/members/csv/")).lstrip("\ufeff").splitlines()[0]
    return names | {f"members.csv {column}" for column in members.split(",")}


def keys_of(value: Any, before: str = "") -> set[str]:
    if isinstance(value, list):
        return set().union(*(keys_of(each, before) for each in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = {f"{before}{key}" for key in value}
    return found.union(*(keys_of(each, f"{before}{key}.") for key, each in value.items()))


def code() -> list[Path]:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True)
    product = [name for name in tracked.stdout.split() if not name.startswith(("tests/", "bench/"))]
    return [ROOT / name for name in product]


def text_of(file: Path | str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


# --- as a browser and a worker do it -------------------------------------------------------------


def browser_of(role: str) -> Any:
    from django.test import Client

    browser = Client()
    post(browser, "/dev/sign-in/", {"role": role})
    return browser


def post(browser: Any, path: str, form: dict[str, Any], expected: int | None = 302) -> Any:
    answer = browser.post(path, form)
    assert expected in {None, answer.status_code}, f"{path} answered {answer.status_code}"
    return answer


def run_task(name: str) -> None:
    from alliance.celery import app

    app.loader.import_default_modules()
    app.tasks[name]()


def content_of(answer: Any) -> str:
    return b"".join(answer).decode()


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
