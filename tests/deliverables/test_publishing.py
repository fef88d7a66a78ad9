import pytest
from django.db import IntegrityError, connection, transaction

from common.access import ANONYMOUS, viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from tests.factories.works import (
    approve,
    approved,
    deliverable,
    in_review,
    next_version,
    publication,
)
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.models import Decision
from workinggroups.decisions.subjects import Subject
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions.reviewing import subject_of
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.deliverables.queries import last_revision
from workinggroups.groups.actions import leave


def recipients_of(kind):
    event = Event.objects.filter(kind=kind).latest("pk")
    return set(payload_of(event).recipients())


def force(work, **fields):
    Deliverable.objects.filter(pk=work.pk).update(**fields)
    work.refresh_from_db()


def test_what_was_approved_is_published_with_all_a_citation_needs(chair, group, organization):
    made = publication(chair, group, "1.0", title="Evaluation Stack")

    assert (made.identifier, made.number, made.title) == ("AS-1", "1.0", "Evaluation Stack")
    assert made.authors == [
        {"uuid": str(chair.uuid), "name": chair.name, "organization": organization.name}
    ]
    assert made.sha256 == made.revision.sha256 == made.approval.subject_sha256
    assert (made.group_name, made.licence) == ("Trust Benchmarks", "CC-BY-4.0")
    assert made.deliverable.state == "published"


def test_identifiers_count_by_kind(chair, group):
    standard, guide = publication(chair, group), publication(chair, group, kind="G")
    second = publication(chair, group, title="Another")

    assert [made.identifier for made in (standard, guide, second)] == ["AS-1", "AG-1", "AS-2"]


def test_without_an_approval_nothing_is_published(chair, group):
    work = in_review(chair, group)
    force(work, state="approved")

    with pytest.raises(WrongState, match="No decision approves revision 1"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


def test_an_approval_that_was_taken_back_publishes_nothing(chair, group):
    work = approved(chair, group)
    record_decision(
        actor=chair,
        group=group,
        title="Take it back",
        method="consensus",
        replaces=Decision.objects.get(),
        rescinds=True,
    )

    with pytest.raises(WrongState, match="D-1 is no longer in force"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


def test_an_approval_of_other_words_publishes_nothing(chair, group):
    work = in_review(chair, group)
    revision = last_revision(work)
    record_decision(
        actor=chair,
        group=group,
        title="Approve other words",
        method="consensus",
        subject=Subject("revision", revision.uuid, "0" * 64),
    )
    force(work, state="approved")

    with pytest.raises(WrongState, match="D-1 approved a different text"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


def test_an_approval_by_another_group_publishes_nothing(chair, group, outsider):
    work = in_review(chair, group)
    record_decision(
        actor=outsider,
        group=factories.group("Elsewhere", chair=outsider),
        title="Approve it for them",
        method="consensus",
        subject=subject_of(last_revision(work)),
    )
    force(work, state="approved")

    with pytest.raises(WrongState, match="No decision approves"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


def test_an_open_revision_is_not_published(chair, group):
    work = deliverable(chair, group)
    force(work, state="approved")

    with pytest.raises(WrongState, match="still open"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


@pytest.mark.parametrize("who", ["member", "secretary", "staff"])
def test_only_a_chair_publishes(who, chair, group, request):
    person = request.getfixturevalue(who)
    work = approved(chair, group)

    with pytest.raises(NotAllowed):
        actions.publish(actor=person, deliverable=work, number="1.0")


@pytest.mark.parametrize("number", ["1", "v1.0", "1.0.0.0", "1.0 ", "", "1.0\n", "١.٠"])
def test_a_version_is_two_or_three_numbers(chair, group, number):
    work = approved(chair, group)

    with pytest.raises(Invalid) as refusal:
        actions.publish(actor=chair, deliverable=work, number=number)

    assert refusal.value.field == "number"


def test_the_next_version_supersedes_the_one_before(chair, group):
    first = publication(chair, group, "1.9")

    second = next_version(chair, first.deliverable, "1.10")

    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "current")
    assert second.identifier == first.identifier


@pytest.mark.parametrize("number", ["1.0", "1.0.0", "0.9"])
def test_the_next_version_has_a_higher_number(chair, group, number):
    first = publication(chair, group, "1.0")

    with pytest.raises(Invalid, match=r"Version 1\.0 is already published"):
        next_version(chair, first.deliverable, number)


def test_a_secret_group_is_not_named_in_public(outsider):
    secret = factories.group("Incident Response", preset="secret", chair=outsider)

    made = publication(outsider, secret)

    assert (made.group_name, made.group_slug) == ("", "")
    entry = SearchEntry.objects.visible_to(ANONYMOUS).get(kind="publication")
    assert entry.group_id is None
    assert "Incident" not in entry.title + entry.body + entry.url


def test_members_authors_and_commenters_hear_of_it(chair, member, outsider, staff, group):
    work = in_review(chair, group, reviewers="alliance")
    comment = actions.add_comment(actor=outsider, deliverable=work, source="Good.")
    actions.answer_comment(actor=chair, comment=comment, disposition="accepted", answer="Yes.")
    approve(chair, work)

    actions.publish(actor=chair, deliverable=work, number="1.0")

    assert recipients_of("published") == {chair, member, outsider}


def test_authors_and_editors_who_left_the_group_hear_of_publication_and_withdrawal(
    chair, member, observer, group, organization
):
    author = factories.member_of(organization, "Aline Author")
    editor = factories.member_of(organization, "Egon Editor")
    for person in (author, editor):
        factories.seat(group, person)
    work = in_review(chair, group)
    actions.name_authors(actor=chair, deliverable=work, people=[chair, author])
    actions.name_editor(actor=chair, deliverable=work, person=editor)
    approve(chair, work)
    for person in (author, editor):
        leave(actor=person, group=group)

    made = actions.publish(actor=chair, deliverable=work, number="1.0")
    actions.withdraw(actor=chair, publication=made, reason="The numbers were wrong.")

    concerned = {chair, member, observer, author, editor}
    assert recipients_of("published") == recipients_of("publication_withdrawn") == concerned
    event = Event.objects.get(kind="publication_withdrawn")
    content = contents_of([event], viewer_for(editor.pk))[event.pk]
    assert content.why == "because you worked or commented on this deliverable"


def test_the_record_names_revision_checksum_and_decision(chair, group):
    made = publication(chair, group)

    facts = Record.objects.get(verb="published", object_uuid=made.uuid).facts
    for value in (made.sha256, made.revision.uuid, made.approval.uuid, "AS-1"):
        assert str(value) in facts


def test_a_withdrawn_version_is_a_tombstone_with_its_reason(chair, group):
    made = publication(chair, group)

    actions.withdraw(actor=chair, publication=made, reason="The numbers were wrong.")

    made = Publication.objects.get()
    assert made.state == "withdrawn"
    assert made.withdrawn_reason == "The numbers were wrong."
    assert made.deliverable.state == "withdrawn"
    assert not Publication.objects.standing().exists()


def test_staff_withdraws_where_a_chair_does_not(staff, chair, member, group):
    made = publication(chair, group)
    with pytest.raises(NotAllowed):
        actions.withdraw(actor=member, publication=made, reason="I do not like it.")

    actions.withdraw(actor=staff, publication=made, reason="A court says so.")

    assert Publication.objects.get().withdrawn_by == staff


def test_a_withdrawal_needs_a_reason_and_happens_once(chair, group):
    made = publication(chair, group)
    with pytest.raises(Invalid):
        actions.withdraw(actor=chair, publication=made, reason=" ")
    actions.withdraw(actor=chair, publication=made, reason="Wrong.")

    with pytest.raises(WrongState):
        actions.withdraw(actor=chair, publication=made, reason="Again.")


def test_withdrawing_an_older_version_leaves_the_latest(chair, group):
    first = publication(chair, group, "1.0")
    second = next_version(chair, first.deliverable, "1.1")

    actions.withdraw(actor=chair, publication=first, reason="Dangerous advice.")

    assert Publication.objects.standing().get() == second
    assert Deliverable.objects.get().state == "published"


def test_after_a_withdrawal_the_next_version_can_be_published(chair, group):
    first = publication(chair, group, "1.0")
    actions.withdraw(actor=chair, publication=first, reason="Wrong.")

    second = next_version(chair, first.deliverable, "1.1")

    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "current")


def test_search_finds_a_withdrawn_work_by_its_title_only(chair, group):
    made = publication(chair, group, text="unrepeatable words")
    assert "unrepeatable" in SearchEntry.objects.get(kind="publication").body

    actions.withdraw(actor=chair, publication=made, reason="Wrong.")

    assert SearchEntry.objects.get(kind="publication").body == ""


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Other'",
        "sha256 = repeat('0', 64)",
        "authors = '[]'",
        "licence = 'MIT'",
        "approval_id = approval_id + 1",
    ],
)
def test_the_database_refuses_to_change_a_publication(chair, group, change):
    made = publication(chair, group)

    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE deliverables_publication SET {change} WHERE id = %s", [made.pk])


@pytest.mark.parametrize(
    "change",
    ["withdrawn_at = NULL, withdrawn_reason = ''", "withdrawn_reason = 'Politer words'"],
)
def test_the_database_refuses_to_undo_or_reword_a_withdrawal(chair, group, change):
    made = publication(chair, group)
    actions.withdraw(actor=chair, publication=made, reason="Wrong.")

    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE deliverables_publication SET {change} WHERE id = %s", [made.pk])


def test_the_database_refuses_to_delete_a_publication(chair, group):
    publication(chair, group)

    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        Publication.objects.all()._raw_delete("default")


def test_what_was_published_is_not_dropped(chair, group):
    made = publication(chair, group)
    actions.revise(actor=chair, deliverable=made.deliverable)

    with pytest.raises(WrongState, match="that has been published"):
        actions.drop(actor=chair, deliverable=made.deliverable)
