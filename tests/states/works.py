"""Publications, decisions and drafts that were withdrawn, replaced or dropped."""

from typing import Any

from tests.factories import works
from tests.pages import Stage
from tests.rendered_pages import NOTE, RenderedPage
from tests.states.looking import in_group, seen, sent_back
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables.models import Publication


def _published(stage: Stage) -> Publication:
    chair, data = stage.people["chair"], {"data.csv": b"a,b\n1,2\n"}
    return works.publication(chair, stage.group, title="A common form for results", files=data)


def _withdrawn(stage: Stage) -> tuple[str]:
    published = _published(stage)
    reason = "The figures of table 2 were those of another run."
    deliverables.withdraw(actor=stage.people["chair"], publication=published, reason=reason)
    return (published.identifier,)


def _replaced(stage: Stage) -> tuple[str, str]:
    """The first of two versions."""
    published = _published(stage)
    works.next_version(stage.people["chair"], published.deliverable, "1.1")
    return published.identifier, published.number


def _dropped(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    work = works.deliverable(chair, stage.group, title="A form for incidents")
    deliverables.drop(actor=chair, deliverable=work)
    return stage.group.slug, work.number


def _discussed(stage: Stage) -> tuple[str, int]:
    """In review, with a comment that was answered and one that waits."""
    chair, member = stage.people["chair"], stage.people["member"]
    work = works.in_review(chair, stage.group, title="A form for incidents")
    comment = deliverables.add_comment(actor=member, deliverable=work, source=NOTE)
    deliverables.answer_comment(
        actor=chair, comment=comment, disposition="accepted", answer="We say it in clause 4."
    )
    deliverables.add_comment(actor=member, deliverable=work, source="And clause 5?")
    return stage.group.slug, work.number


def _replaced_decision(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    old = works.decision(chair, stage.group, "Meet on Tuesdays")
    works.decision(chair, stage.group, "Meet on Fridays", replaces=old)
    return stage.group.slug, old.number


def _rescinded(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    made = works.decision(chair, stage.group, "Meet on Tuesdays")
    works.decision(chair, stage.group, "Take it back", replaces=made, rescinds=True)
    return stage.group.slug, made.number


def _rejected(stage: Stage) -> tuple[str, int]:
    made = works.decision(
        stage.people["chair"],
        stage.group,
        "Meet on Sundays",
        method="majority",
        outcome="rejected",
        counts=Tally(3, 12, 1, "organizations"),
    )
    return stage.group.slug, made.number


def _rejected_text(stage: Stage) -> tuple[str, int]:
    """In review still, and rejected once."""
    chair = stage.people["chair"]
    work = works.in_review(chair, stage.group, title="A form for incidents")
    deliverables.reject(
        actor=chair, deliverable=work, method="consensus", dissent="Clause 4 is not clear."
    )
    return stage.group.slug, work.number


def _elsewhere(stage: Stage) -> tuple[Any]:
    url = "https://nordlys.example/handbook"
    return (works.outside_entry(stage.people["admin"], url=url).uuid,)


WORKS = [
    RenderedPage("publication-withdrawn", "journal", seen("", "publication", _withdrawn)),
    RenderedPage("publication-replaced", "journal", seen("", "publication-version", _replaced)),
    RenderedPage(
        "published-elsewhere", "journal", seen("", "outside-entry", _elsewhere), "outside-entry"
    ),
    RenderedPage(
        "outside-entry-edit",
        "staff",
        seen("admin", "outside-entry-edit", _elsewhere),
        "outside-entry-edit",
    ),
    RenderedPage(
        "withdraw-a-publication",
        "deliverables",
        seen(
            "chair",
            "publication-withdraw",
            lambda stage: (lambda made: (made.identifier, made.number))(_published(stage)),
        ),
        "publication-withdraw",
    ),
    RenderedPage("dropped", "deliverables", seen("chair", "deliverable", _dropped)),
    RenderedPage("discussed", "deliverables", seen("chair", "deliverable", _discussed)),
    RenderedPage("decision-replaced", "decisions", seen("member", "decision", _replaced_decision)),
    RenderedPage("decision-rescinded", "decisions", seen("member", "decision", _rescinded)),
    RenderedPage("decision-rejected", "decisions", seen("member", "decision", _rejected)),
    RenderedPage("text-rejected", "deliverables", seen("chair", "deliverable", _rejected_text)),
    RenderedPage(
        "decide-on-a-text", "deliverables", seen("chair", "deliverable-approve", _rejected_text)
    ),
    RenderedPage(
        "decision-sent-back",
        "decisions",
        sent_back("chair", "decision-new", {"title": "", "source": NOTE}, in_group),
    ),
]
