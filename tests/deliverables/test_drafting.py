from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.files.models import StoredFile
from tests import factories
from tests.factories.works import TEXT, attach, deliverable, in_review
from workinggroups.deliverables import actions
from workinggroups.deliverables.models import Deliverable, Revision, RevisionFile
from workinggroups.deliverables.queries import editor_ids, last_revision


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_deliverable_begins_as_a_draft_with_an_open_revision(member, group):
    work = deliverable(member, group, text="")

    assert (work.number, work.state) == (1, "draft")
    assert last_revision(work).number == 1
    assert not last_revision(work).is_sealed


def test_whoever_begins_it_edits_it_and_is_its_author(member, group, organization):
    work = deliverable(member, group)

    assert editor_ids(work) == {member.pk}
    author = work.authorships.get()
    assert (author.person, author.organization) == (member, organization)


@pytest.mark.parametrize("who", ["observer", "outsider", "staff"])
def test_who_does_not_write_in_the_group_begins_nothing(who, group, request):
    with pytest.raises(NotAllowed):
        deliverable(request.getfixturevalue(who), group)


def test_the_text_is_rendered_when_saved(member, group):
    work = deliverable(member, group)

    assert "<h2" in last_revision(work).html
    assert "Scope" in last_revision(work).html


def test_line_ends_of_a_browser_do_not_change_the_checksum(member, group):
    work = deliverable(member, group)
    actions.save_text(actor=member, deliverable=work, version=2, source="one\r\ntwo\r\n")

    assert last_revision(work).source == "one\ntwo\n"


def test_a_second_writer_gets_a_conflict_and_the_first_text_stays(member, chair, group):
    work = deliverable(member, group)
    actions.save_text(actor=chair, deliverable=work, version=2, source="The chair's words")

    with pytest.raises(Conflict):
        actions.save_text(actor=member, deliverable=work, version=2, source="The member's words")

    assert last_revision(work).source == "The chair's words"


def test_another_participant_does_not_write(member, secretary, group):
    work = deliverable(member, group)

    with pytest.raises(NotAllowed):
        actions.save_text(actor=secretary, deliverable=work, version=2, source="Mine now")


def test_an_editor_whose_seat_ended_does_not_write(member, group):
    work = deliverable(member, group)
    member.participations.all().delete()

    with pytest.raises(NotAllowed):
        actions.save_text(actor=member, deliverable=work, version=2, source="Still here")


def test_a_text_that_cannot_be_shown_is_refused(member, group):
    work = deliverable(member, group)

    with pytest.raises(Invalid):
        actions.save_text(actor=member, deliverable=work, version=2, source="a" * 600_000)


def test_a_file_is_kept_with_its_checksum(member, group):
    work = deliverable(member, group)

    attach(member, work, "data.csv", b"a,b\n1,2\n")

    file = last_revision(work).files.get()
    assert file.name == "data.csv"
    assert file.stored.sha256 == sha256(b"a,b\n1,2\n").hexdigest()


def test_a_second_file_of_one_name_is_refused_and_not_kept(member, group):
    work = deliverable(member, group)
    attach(member, work)

    with pytest.raises(Invalid, match=r"already a file named data\.csv"):
        attach(member, work)

    assert StoredFile.objects.filter(state="stored").count() == 1


def test_a_removed_file_is_let_go(member, group):
    work = deliverable(member, group)
    attach(member, work)

    actions.remove_file(actor=member, deliverable=work, name="data.csv")

    assert not RevisionFile.objects.exists()
    assert StoredFile.objects.get().state == "discarded"


def test_a_file_that_an_older_revision_has_stays_when_it_is_removed_from_the_next(member, group):
    work = deliverable(member, group)
    attach(member, work)
    actions.seal(actor=member, deliverable=work)
    actions.revise(actor=member, deliverable=work)

    actions.remove_file(actor=member, deliverable=work, name="data.csv")

    assert StoredFile.objects.get().state == "stored"
    assert work.revisions.get(number=1).files.count() == 1


def test_the_seal_is_what_sha256sum_would_say(member, group):
    work = deliverable(member, group)
    attach(member, work, "data.csv", b"a,b\n1,2\n")

    sealed = actions.seal(actor=member, deliverable=work)

    text = sha256(TEXT.encode()).hexdigest()
    data = sha256(b"a,b\n1,2\n").hexdigest()
    lines = f"{text}  text.md\n{data}  data.csv\n"
    assert sealed.sha256 == sha256(lines.encode()).hexdigest()


def test_an_empty_revision_is_not_sealed(member, group):
    work = deliverable(member, group, text="")

    with pytest.raises(Invalid):
        actions.seal(actor=member, deliverable=work)


def test_a_sealed_revision_takes_neither_text_nor_file(member, group):
    work = deliverable(member, group)
    actions.seal(actor=member, deliverable=work)

    with pytest.raises(WrongState, match="sealed"):
        actions.save_text(actor=member, deliverable=work, version=2, source="More")
    with pytest.raises(WrongState, match="sealed"):
        attach(member, work)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deliverables_revision SET source = 'x' WHERE id = %s",
        "UPDATE deliverables_revision SET sealed_at = NULL, sha256 = '' WHERE id = %s",
        "DELETE FROM deliverables_revisionfile WHERE revision_id = %s",
        "UPDATE deliverables_revisionfile SET name = 'x.csv' WHERE revision_id = %s",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(member, group, statement):
    work = deliverable(member, group)
    attach(member, work)
    sealed = actions.seal(actor=member, deliverable=work)

    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [sealed.pk])


def test_the_database_refuses_a_new_file_of_a_sealed_revision(member, group):
    work = deliverable(member, group)
    attach(member, work)
    sealed = actions.seal(actor=member, deliverable=work)
    stored = sealed.files.get().stored

    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        RevisionFile.objects.create(revision=sealed, stored=stored, name="b.csv", position=9)


def test_the_next_revision_begins_with_the_text_and_files_of_the_last(member, group):
    work = deliverable(member, group)
    attach(member, work)
    actions.seal(actor=member, deliverable=work)

    following = actions.revise(actor=member, deliverable=work)

    assert (following.number, following.source) == (2, TEXT)
    assert [file.name for file in following.files.all()] == ["data.csv"]


def test_one_revision_is_open_at_a_time(member, group):
    work = deliverable(member, group)

    with pytest.raises(WrongState, match="still open"):
        actions.revise(actor=member, deliverable=work)


def test_details_are_changed_by_their_version(member, group):
    work = deliverable(member, group)
    said = {"title": "New title", "kind": "G", "summary": "S", "licence": "MIT"}

    actions.edit_details(actor=member, deliverable=work, version=work.version, **said)

    work.refresh_from_db()
    assert (work.title, work.kind, work.licence) == ("New title", "G", "MIT")
    with pytest.raises(Conflict):
        actions.edit_details(actor=member, deliverable=work, version=1, **said)


def test_a_dropped_deliverable_can_be_taken_up_again(chair, group):
    work = deliverable(chair, group)

    actions.drop(actor=chair, deliverable=work)
    assert Deliverable.objects.get().state == "dropped"

    actions.resume(actor=chair, deliverable=work)
    assert Deliverable.objects.get().state == "draft"


def test_dropping_what_is_in_review_ends_the_review(chair, group):
    work = deliverable(chair, group)
    in_review_of(work, chair)

    dropped = actions.drop(actor=chair, deliverable=work)

    assert (dropped.level, dropped.review_until) == (group.content_level, None)


def test_a_member_of_another_group_reads_no_draft(member, outsider, group):
    work = deliverable(member, group)

    viewer = viewer_for(outsider.pk)
    assert not Deliverable.objects.visible_to(viewer).filter(pk=work.pk).exists()
    assert not Revision.objects.visible_to(viewer).exists()


def test_in_a_review_for_the_alliance_a_guest_reads_the_offered_text_alone(chair, outsider, group):
    work = deliverable(chair, group)
    actions.seal(actor=chair, deliverable=work)
    actions.revise(actor=chair, deliverable=work)
    in_review_of(work, chair)

    readable = Revision.objects.visible_to(viewer_for(outsider.pk))

    assert [revision.number for revision in readable] == [2]
    assert Revision.objects.visible_to(viewer_for(chair.pk)).count() == 2


def in_review_of(work, chair):
    until = timezone.now().date() + timedelta(days=7)
    actions.open_review(actor=chair, deliverable=work, until=until, reviewers="alliance")


def test_when_the_review_is_over_guests_are_out_again(chair, outsider, group):
    work = in_review(chair, group, reviewers="alliance")
    viewer = viewer_for(outsider.pk)
    assert Deliverable.objects.visible_to(viewer).filter(pk=work.pk).exists()

    actions.request_changes(actor=chair, deliverable=work, reason="Shorter")

    assert not Deliverable.objects.visible_to(viewer).filter(pk=work.pk).exists()


def test_a_secret_group_reviews_by_itself(outsider):
    secret = factories.group("Hidden", preset="secret", chair=outsider)

    with pytest.raises(Invalid) as refusal:
        in_review(outsider, secret, reviewers="alliance")

    assert refusal.value.field == "reviewers"


def test_the_chair_names_and_releases_editors(chair, member, group):
    work = deliverable(chair, group)

    actions.name_editor(actor=chair, deliverable=work, person=member)
    assert editor_ids(work) == {chair.pk, member.pk}

    actions.release_editor(actor=chair, deliverable=work, person=member)
    assert editor_ids(work) == {chair.pk}


def test_an_observer_is_no_editor(chair, observer, group):
    work = deliverable(chair, group)

    with pytest.raises(Invalid):
        actions.name_editor(actor=chair, deliverable=work, person=observer)


def test_authors_stand_in_the_order_given(chair, member, group):
    work = deliverable(chair, group)

    actions.name_authors(actor=chair, deliverable=work, people=[member, chair])

    assert [item.person for item in work.authorships.all()] == [member, chair]


def test_somebody_outside_the_group_is_no_author(chair, outsider, group):
    work = deliverable(chair, group)

    with pytest.raises(Invalid):
        actions.name_authors(actor=chair, deliverable=work, people=[outsider])


def test_an_author_who_left_the_group_keeps_the_credit(chair, member, group, organization):
    work = deliverable(member, group)
    member.participations.all().delete()

    actions.name_authors(actor=chair, deliverable=work, people=[chair, member])

    last = work.authorships.get(position=2)
    assert (last.person, last.organization) == (member, organization)
