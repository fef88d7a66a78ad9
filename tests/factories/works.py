"""Decisions, deliverables and publications, made by the acts that make them."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalogue.actions import add_entry
from catalogue.models import ExternalWork
from common.days import first_running
from common.vocabulary.models import FocusArea
from members.people.models import Person
from tests.factories.files import png, ready
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.models import Decision
from workinggroups.decisions.subjects import EarlyApproval
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


def approve(chair: Person, work: Deliverable, **result: Any) -> Decision:
    """Approve by consensus, unless told otherwise, without waiting for the end of the review."""
    work.refresh_from_db()
    until = work.review_until
    early = EarlyApproval(until, "Everybody has answered.") if until else None
    return actions.approve(
        actor=chair, deliverable=work, **{"method": "consensus", "early": early, **result}
    )


def approved(chair: Person, group: Group, dissent: str = "", **more: Any) -> Deliverable:
    """`result` is how it was approved."""
    result = more.pop("result", {})
    work = in_review(chair, group, **more)
    approve(chair, work, **{"dissent": dissent, **result})
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
    approve(chair, work)
    return actions.publish(actor=chair, deliverable=work, number=number, changes=changes)


def outside_entry(staff: Person, **more: Any) -> ExternalWork:
    """A guide that somebody else published."""
    return add_entry(
        actor=staff,
        **{
            "title": "Red team handbook",
            "summary": "How others test.",
            "url": "https://elsewhere.example/handbook",
            "kind": "G",
            "focus_area": FocusArea.objects.last(),
            "publisher": "Elsewhere Institute",
            "licence": "MIT",
            "published_on": date(2024, 5, 1),
            **more,
        },
    )


def everywhere(group: Group, chair: Person, editor: Person, member: Person) -> dict[str, Any]:
    """One decision that stands, one replaced, and a deliverable at each point of its way.

    The keys are the words of the permission matrix.
    """
    old = decision(chair, group)
    found: dict[str, Any] = {
        "old_decision": old,
        "decision": decision(chair, group, "Meet on Fridays", replaces=old),
        "one": 1,
        "file_name": "data.csv",
        "cite_ending": "bib",
        "place_of_editor": f"place-{editor.uuid}",
        "draft_work": deliverable(chair, group, title="Draft"),
        "reviewed_work": in_review(chair, group, title="Reviewed"),
        "settled_work": in_review(chair, group, title="Settled"),
        "approved_work": approved(chair, group, title="Approved"),
        "dropped_work": deliverable(chair, group, title="Dropped"),
        "publication": publication(
            chair, group, files={"data.csv": b"a,b\n1,2\n", "figure.png": png()}
        ),
    }
    attach(chair, found["draft_work"])
    attach(chair, found["draft_work"], "figure.png", png())
    for work in (found["draft_work"], found["publication"].deliverable):
        ready(last_revision(work).files.get(name="figure.png").stored)
    actions.drop(actor=chair, deliverable=found["dropped_work"])
    for name in ("draft_work", "reviewed_work", "settled_work", "approved_work"):
        actions.name_editor(actor=chair, deliverable=found[name], person=editor)
    comment = actions.add_comment(
        actor=member, deliverable=found["settled_work"], source="Say it once."
    )
    found["answered_comment"] = actions.answer_comment(
        actor=chair, comment=comment, disposition="accepted", answer="We will."
    )
    Deliverable.objects.filter(pk=found["settled_work"].pk).update(
        review_until=first_running() - timedelta(days=1)
    )
    found["open_comment"] = actions.add_comment(
        actor=member, deliverable=found["reviewed_work"], source="Say it twice."
    )
    for work in found.values():
        if hasattr(work, "refresh_from_db"):
            work.refresh_from_db()
    found["draft_revision"] = last_revision(found["draft_work"])
    return found
