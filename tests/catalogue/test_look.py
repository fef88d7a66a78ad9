"""Decisions, deliverables, catalogue and search in a real browser: wide and light, narrow and dark."""

from collections.abc import Callable

import pytest

from tests import factories
from tests.factories.works import decision, in_review, next_version, publication
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables import actions

TEXT = """# Who takes part

A red team has at least three people, of whom **two are** not employed by the organization whose
system is tested.

- One of them has worked in the field.
- Nobody is paid by result.

# What may be published

A transcript may be quoted `up to 200 words` if nobody can be recognised in it.

| Part | Who reads |
|------|-----------|
| 1    | everybody |
| 2    | engineers |
"""

GROUP = "/groups/red-teaming"
PUBLIC = (
    "/catalogue/",
    "/catalogue/?kind=guide&q=handbook",
    "/catalogue/?q=nothingatall",
    "/catalogue/AG-1/",
    "/catalogue/AG-1/1.0/",
    "/catalogue/AS-1/",
    "/search/?q=handbook",
)
MEMBERS = (
    f"{GROUP}/decisions/?show=all",
    f"{GROUP}/decisions/1/",
    f"{GROUP}/decisions/2/",
    f"{GROUP}/decisions/new/",
    f"{GROUP}/deliverables/",
    f"{GROUP}/deliverables/new/",
    f"{GROUP}/deliverables/1/",
    f"{GROUP}/deliverables/2/",
    f"{GROUP}/deliverables/2/revisions/2/?with=1",
    f"{GROUP}/deliverables/2/people/",
    f"{GROUP}/deliverables/2/authors/",
    f"{GROUP}/deliverables/2/approve/",
    f"{GROUP}/deliverables/2/changes/",
    "/search/?q=handbook",
    "/catalogue/AG-1/1.1/withdraw/",
)


@pytest.fixture
def chair(site: str, settings, tmp_path):
    """Somebody in the chair of a group whose work stands at every point of its way."""
    settings.MEDIA_ROOT = tmp_path
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Hélène Marchetti")
    group = factories.group("Red Teaming", chair=chair)
    reader = factories.member_of(factories.organization("Borealis University"), "Aiko Morishita")
    factories.seat(group, reader)
    old = decision(chair, group, "Meet on Tuesdays", source="So that **everybody** can come.")
    decision(
        chair,
        group,
        "Meet on Fridays",
        method="two_thirds",
        counts=Tally(20, 8, 3),
        dissent="Borealis University cannot come on Fridays.",
        replaces=old,
    )
    first = publication(
        chair, group, title="Trust handbook", kind="G", text=TEXT, files={"data.csv": b"a\n1\n"}
    )
    next_version(chair, first.deliverable, "1.1", changes="Names the payer")
    work = in_review(chair, group, title="Red teaming handbook", text=TEXT)
    actions.request_changes(actor=chair, deliverable=work, reason="Shorter, and name the payer.")
    changed = TEXT.replace("three people", "four people").replace("by result", "for results")
    actions.save_text(actor=chair, deliverable=work, version=1, source=changed)
    in_review_again(chair, work)
    for words in ("“Kinds” is vague. A list would help.", "This contradicts the sentence before."):
        comment = actions.add_comment(
            actor=reader, deliverable=work, source=words, quote="at least four people"
        )
    actions.answer_comment(
        actor=chair, comment=comment, disposition="partly", answer="Annex B will hold the list."
    )
    gone = publication(chair, group, title="Old standard", text=TEXT)
    actions.withdraw(actor=chair, publication=gone, reason="Its numbers were wrong.")
    return chair


def in_review_again(chair, work):
    from datetime import timedelta

    from django.utils import timezone

    until = timezone.now().date() + timedelta(days=9)
    actions.open_review(actor=chair, deliverable=work, until=until)


def test_no_page_has_a_fault(chair, faults_of: Callable[..., list[str]]) -> None:
    faults = [(path, faults_of(path)) for path in PUBLIC]
    faults += [(path, faults_of(path, chair)) for path in MEMBERS]

    assert [fault for fault in faults if fault[-1]] == []
