"""Decisions, deliverables and publications, made by the acts that make them."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.people.models import Person
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.models import Decision
from workinggroups.deliverables import actions
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.deliverables.queries import last_revision
from workinggroups.groups.models import Group

TEXT = "# Scope\n\nA record names who paid for the test.\n"


def decision(chair: Person, group: Group, title: str = "Meet on Tuesdays", **more: Any) -> Decision:
    """By consensus, unless told otherwise."""
    return record_decision(actor=chair, group=group, title=title, **{"method": "consensus", **more})


def deliverable(
    by: Person, group: Group, title: str = "Evaluation Stack", text: str = TEXT, **more: Any
) -> Deliverable:
    """A draft with a text, edited and written by `by`."""
    made = actions.create_deliverable(
        actor=by,
        group=group,
        title=title,
        **{
            "kind": "S",
            "summary": "A common form for results of tests.",
            "licence": "CC-BY-4.0",
            **more,
        },
    )
    if text:
        actions.save_text(actor=by, deliverable=made, version=1, source=text)
    made.refresh_from_db()
    return made


def attach(
    by: Person, work: Deliverable, name: str = "data.csv", content: bytes = b"a,b\n1,2\n"
) -> None:
    upload = SimpleUploadedFile(name, content)
    actions.add_file(actor=by, deliverable=work, upload=upload)


def in_review(chair: Person, group: Group, **more: Any) -> Deliverable:
    """A deliverable of the chair's whose first revision is sealed and open for comments."""
    reviewers, files = more.pop("reviewers", "group"), more.pop("files", {})
    work = deliverable(chair, group, **more)
    for name, content in files.items():
        attach(chair, work, name, content)
    until = timezone.now().date() + timedelta(days=14)
    actions.open_review(actor=chair, deliverable=work, until=until, reviewers=reviewers)
    work.refresh_from_db()
    return work


def approved(chair: Person, group: Group, dissent: str = "", **more: Any) -> Deliverable:
    work = in_review(chair, group, **more)
    actions.approve(actor=chair, deliverable=work, method="consensus", dissent=dissent)
    work.refresh_from_db()
    return work


def publication(chair: Person, group: Group, number: str = "1.0", **more: Any) -> Publication:
    """Written, reviewed, approved and published by the chair."""
    work = approved(chair, group, **more)
    return actions.publish(actor=chair, deliverable=work, number=number)


def next_version(
    chair: Person, work: Deliverable, number: str, changes: str = "Clearer words"
) -> Publication:
    """The same way once more, from a changed text."""
    work.refresh_from_db()
    actions.revise(actor=chair, deliverable=work)
    open_one = last_revision(work)
    source = f"{open_one.source}\nVersion {number}.\n"
    actions.save_text(actor=chair, deliverable=work, version=open_one.version, source=source)
    until = timezone.now().date() + timedelta(days=14)
    actions.open_review(actor=chair, deliverable=work, until=until)
    actions.approve(actor=chair, deliverable=work, method="consensus")
    return actions.publish(actor=chair, deliverable=work, number=number, changes=changes)
