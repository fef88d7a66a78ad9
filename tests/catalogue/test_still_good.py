"""A copy of a public answer is called good only while a new one would be the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalogue.actions import FIELDS, edit_entry
from common.files.models import StoredFile
from tests import factories
from tests.factories.works import approve, in_review, next_version, outside_entry, publication
from workinggroups.deliverables import actions
from workinggroups.deliverables.models import Publication

LATER = "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_no_changed_answer_is_called_unchanged(
    client: Any, settings: Any, chair: Any, member: Any, staff: Any, group: Any
) -> None:
    work = in_review(chair, group)
    comment = actions.add_comment(actor=member, deliverable=work, source="Why?", quote="")
    actions.request_changes(actor=chair, deliverable=work, reason="Say why.")
    until = timezone.now().date() + timedelta(days=14)
    actions.open_review(actor=chair, deliverable=work, until=until, reviewers="group")
    approve(chair, work)
    made = actions.publish(actor=chair, deliverable=work, number="1.0")
    entry = outside_entry(staff)
    paths = ["/catalogue/", "/catalogue/AS-1/", "/catalogue/AS-1/1.0/", "/catalogue/AS-1/1.0/text/"]
    paths += [
        "/catalogue/feed.atom",
        "/sitemap.xml",
        entry.get_absolute_url(),
        "/api/v1/publications/",
        "/catalogue/AS-1/1.0/cite.bib",
        "/catalogue/AS-1/1.0/text.md",
        "/catalogue/AS-1/1.0/SHA256SUMS",
        "/members/csv/",
    ]

    def edit() -> None:
        fields = {name: getattr(entry, name) for name in FIELDS} | {"title": "Blue team handbook"}
        edit_entry(actor=staff, entry=entry, version=entry.version, **fields)

    def withdraw(number: str) -> None:
        publication = Publication.objects.get(number=number)
        actions.withdraw(actor=chair, publication=publication, reason="Wrong numbers.")

    changes: list[tuple[Callable[[], Any], set[str]]] = [
        (lambda: actions.withdraw_comment(actor=member, comment=comment), set(paths[1:3])),
        (edit, {paths[0], paths[6]}),
        (lambda: next_version(chair, made.deliverable, "1.1"), {*paths[:6], paths[7]}),
        (lambda: withdraw("1.0"), {*paths[1:3], paths[4], paths[7]}),
        (lambda: withdraw("1.1"), {*paths[:3], paths[4], paths[7]}),
        (lambda: outside_entry(staff, url="https://more.example/"), {paths[0], paths[5]}),
        (lambda: factories.group("Another"), {paths[5]}),
        (lambda: factories.member_of(factories.organization("Cedar Institute")), {paths[11]}),
        (lambda: setattr(settings, "SITE_NAME", "Bund"), {*paths[:3], paths[4], paths[6]}),
    ]
    for change, shown_in in changes:
        before = {path: client.get(path) for path in paths}
        before = {path: answer for path, answer in before.items() if answer.status_code == 200}
        again = [ask(client, path, answer) for path, answer in before.items()]
        assert {answer.status_code for answer in again} == {304}
        change()
        after = {path: ask(client, path, answer) for path, answer in before.items()}
        same = {path for path in before if client.get(path).content == before[path].content}
        assert shown_in & same == set()
        assert {path for path in before if after[path].status_code == 304} <= same


def ask(client: Any, path: str, answer: Any) -> Any:
    """Ask again with what an answer of before said of itself."""
    return client.get(path, headers={"If-None-Match": answer["ETag"], "If-Modified-Since": LATER})


def test_a_page_of_ones_own_is_never_called_unchanged(
    client_of: Any, chair: Any, member: Any, group: Any
) -> None:
    """What surrounds it changes too: an office brings a button, a notification a number."""
    in_review(chair, group)

    answer = client_of(member).get("/catalogue/", headers={"If-None-Match": "*"})

    assert answer.status_code == 200
    assert not answer.has_header("ETag")


def test_what_the_scanner_says_of_a_file_changes_the_page(
    client: Any, settings: Any, chair: Any, group: Any
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    published = publication(chair, group, files={"data.csv": b"a,b"})
    stored = StoredFile.objects.filter(pk__in=published.revision.files.values("stored"))
    before = client.get("/catalogue/AS-1/1.0/")
    assert "Not scanned for viruses yet" in before.content.decode()

    stored.update(scan="infected")

    after = ask(client, "/catalogue/AS-1/1.0/", before)
    assert after.status_code == 200
    assert "A virus was found" in after.content.decode()
