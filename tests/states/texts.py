"""Texts that read differently since an upgrade."""

from typing import Any

from common.text.models import TextChange
from common.text.render_again import render_again
from tests.factories import works
from tests.pages import Stage
from tests.rendered_pages import RenderedPage
from tests.states.looking import seen
from tests.text.stored import make_old
from workinggroups.deliverables.queries import last_revision

TEXT = """# Scope

A record names who paid for the test, in which currency and on whose behalf.

## Data types & formats

Each field has a type. A list of strings holds at most ten of them, each below 200 characters.
"""


def _changes(stage: Stage) -> tuple[Any, ...]:
    """A sealed text and a decision that the former renderer showed with fewer words."""
    chair = stage.people["chair"]
    work = works.in_review(chair, stage.group, title="A form for incidents", text=TEXT)
    revision = last_revision(work)
    make_old(revision, revision.html.replace("of strings", "").replace("types", "kinds"))
    decision = works.decision(
        chair, stage.group, "Name the operator", source="It sends a heartbeat."
    )
    make_old(decision, "<p>It sends .</p>")
    render_again()
    return ()


def _comparison(stage: Stage) -> tuple[Any, ...]:
    _changes(stage)
    return (TextChange.objects.get(kind="revision", label__contains="A form for incidents").uuid,)


TEXTS = [
    RenderedPage("text-changes-listed", "staff", seen("chair", "text-changes", _changes)),
    RenderedPage("text-change", "staff", seen("chair", "text-change", _comparison), "text-change"),
]
