from datetime import timedelta

import pytest
from django.utils import timezone

from common.access import viewer_for
from common.days import first_running
from common.errors import Invalid, NotAllowed, WrongState
from common.search.models import SearchEntry
from notifications.models import Event
from notifications.registry import payload_of
from tests.factories.works import approve, approved, deliverable, in_review
from tests.groups.test_creating import edit
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions.reviewing import approval_title
from workinggroups.deliverables.models import Deliverable, ReviewComment
from workinggroups.deliverables.queries import last_revision


def recipients_of(kind):
    event = Event.objects.filter(kind=kind).latest("pk")
    return set(payload_of(event).recipients())


def comment(person, work, source="Say who pays."):
    return actions.add_comment(actor=person, deliverable=work, source=source, quote="a  record")


def test_a_review_seals_the_revision(chair, group):
    work = in_review(chair, group)

    assert work.state == "review"
    assert last_revision(work).is_sealed


def test_only_a_chair_opens_a_review(member, group):
    work = deliverable(member, group)

    with pytest.raises(NotAllowed):
        actions.open_review(actor=member, deliverable=work, until=timezone.now().date())


def test_a_review_does_not_end_before_it_begins(chair, group):
    work = deliverable(chair, group)
    yesterday = timezone.now().date() - timedelta(days=1)

    with pytest.raises(Invalid) as refusal:
        actions.open_review(actor=chair, deliverable=work, until=yesterday)

    assert refusal.value.field == "until"


def test_members_hear_of_a_review(chair, member, observer, outsider, group):
    in_review(chair, group)

    assert recipients_of("review_opened") == {chair, member, observer}


def test_comments_are_numbered_and_copy_the_affiliation(chair, member, group, organization):
    work = in_review(chair, group)

    first, second = comment(member, work), comment(chair, work)

    assert [first.number, second.number] == [1, 2]
    assert first.organization == organization
    assert first.quote == "a record"


def test_an_observer_reads_and_does_not_comment(chair, observer, group):
    work = in_review(chair, group)

    with pytest.raises(NotAllowed):
        comment(observer, work)


def test_a_guest_comments_in_a_review_for_the_alliance(chair, outsider, group):
    work = in_review(chair, group, reviewers="alliance")

    assert comment(outsider, work).organization.name == "Borealis University"


def test_a_guest_does_not_comment_in_a_review_of_the_group(chair, outsider, group):
    work = in_review(chair, group)

    with pytest.raises(NotAllowed):
        comment(outsider, work)


def test_a_draft_takes_no_comments(chair, member, group):
    work = deliverable(chair, group)

    with pytest.raises(WrongState):
        comment(member, work)


def test_editors_hear_of_a_comment(chair, member, group):
    work = in_review(chair, group)

    comment(member, work)

    assert recipients_of("comment_added") == {chair}


def test_the_commenter_hears_of_the_answer(chair, member, group):
    work = in_review(chair, group)
    made = comment(member, work)

    actions.answer_comment(actor=chair, comment=made, disposition="partly", answer="In part 4.")

    assert recipients_of("comment_answered") == {member}
    assert ReviewComment.objects.get().state == "partly"


def test_a_commenter_who_left_hears_nothing(chair, member, group):
    work = in_review(chair, group)
    made = comment(member, work)
    member.participations.all().delete()

    actions.answer_comment(actor=chair, comment=made, disposition="accepted", answer="Done.")

    assert recipients_of("comment_answered") == set()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"disposition": "open", "answer": "Yes."}, "disposition"),
        ({"disposition": "withdrawn", "answer": "Yes."}, "disposition"),
        ({"disposition": "accepted", "answer": "  "}, "answer"),
    ],
)
def test_an_answer_says_what_comes_of_it_and_why(chair, member, group, said, field):
    made = comment(member, in_review(chair, group))

    with pytest.raises(Invalid) as refusal:
        actions.answer_comment(actor=chair, comment=made, **said)

    assert refusal.value.field == field


def test_a_member_who_does_not_edit_answers_nothing(chair, member, group):
    made = comment(member, in_review(chair, group))

    with pytest.raises(NotAllowed):
        actions.answer_comment(actor=member, comment=made, disposition="accepted", answer="Ok.")


def test_the_commenter_says_whether_the_answer_settles_it(chair, member, group):
    made = comment(member, in_review(chair, group))
    with pytest.raises(WrongState):
        actions.say_settled(actor=member, comment=made, is_settled=True)
    actions.answer_comment(actor=chair, comment=made, disposition="rejected", answer="No.")

    actions.say_settled(actor=member, comment=made, is_settled=False)

    assert ReviewComment.objects.get().is_settled is False
    with pytest.raises(NotAllowed):
        actions.say_settled(actor=chair, comment=made, is_settled=True)


def test_a_new_answer_asks_anew_whether_it_settles_it(chair, member, group):
    made = comment(member, in_review(chair, group))
    actions.answer_comment(actor=chair, comment=made, disposition="rejected", answer="No.")
    actions.say_settled(actor=member, comment=made, is_settled=False)

    actions.answer_comment(actor=chair, comment=made, disposition="accepted", answer="Well, yes.")

    assert ReviewComment.objects.get().is_settled is None


def test_an_open_comment_is_taken_back_by_its_author(chair, member, group):
    made = comment(member, in_review(chair, group))
    with pytest.raises(NotAllowed):
        actions.withdraw_comment(actor=chair, comment=made)

    actions.withdraw_comment(actor=member, comment=made)

    with pytest.raises(WrongState):
        actions.answer_comment(actor=chair, comment=made, disposition="accepted", answer="Ok.")


def test_changes_asked_for_open_the_next_revision(chair, member, group):
    work = in_review(chair, group)

    following = actions.request_changes(actor=chair, deliverable=work, reason="Name the payer.")

    work.refresh_from_db()
    assert (work.state, following.number) == ("draft", 2)
    assert work.returned_reason == "Name the payer."
    assert recipients_of("changes_requested") == {chair}


def test_an_approval_names_the_revision_and_its_checksum(chair, group):
    work = approved(chair, group)

    decision = Decision.objects.get()
    revision = last_revision(work)
    assert work.state == "approved"
    assert (decision.subject_kind, decision.subject_uuid) == ("revision", revision.uuid)
    assert decision.subject_sha256 == revision.sha256


def test_nothing_is_approved_while_a_comment_waits(chair, member, group):
    work = in_review(chair, group)
    comment(member, work)

    with pytest.raises(WrongState, match="1 comment is unanswered"):
        approve(chair, work)


def test_a_vote_that_does_not_carry_approves_nothing(chair, group):
    work = in_review(chair, group)

    with pytest.raises(Invalid):
        approve(chair, work, method="majority", counts=Tally(3, 5))

    work.refresh_from_db()
    assert work.state == "review"


def test_the_secretary_does_not_approve(chair, secretary, group):
    work = in_review(chair, group)

    with pytest.raises(NotAllowed):
        approve(secretary, work)


def test_members_hear_once_of_an_approval(chair, member, group):
    approved(chair, group)

    assert recipients_of("deliverable_approved") == {chair, member}
    assert not Event.objects.filter(kind="decision_recorded").exists()


def test_a_long_title_still_makes_a_sentence_for_the_register(chair, group):
    work = deliverable(chair, group, title="T" * 200)

    title = approval_title(work, last_revision(work))

    assert len(title) == 200
    assert title.endswith("…, revision 1")


def test_search_in_a_wide_review_knows_the_offered_text_only(chair, outsider, group):
    work = in_review(chair, group, reviewers="alliance", text="the offered words")

    viewer = viewer_for(outsider.pk)
    assert (
        SearchEntry.objects.visible_to(viewer)
        .get(kind="deliverable")
        .body.endswith("the offered words")
    )
    actions.request_changes(actor=chair, deliverable=work, reason="Shorter")
    assert not SearchEntry.objects.visible_to(viewer).filter(kind="deliverable").exists()


def test_a_group_that_hides_itself_ends_the_reading_of_guests(chair, outsider, group, client_of):
    work = in_review(chair, group, reviewers="alliance", text="Kept words.")
    url = f"/api/v1/deliverables/{work.uuid}/"
    assert client_of(outsider).get(url).status_code == 200

    edit(chair, group, listing="members")

    assert client_of(outsider).get(url).status_code == 404
    assert not SearchEntry.objects.visible_to(viewer_for(outsider.pk)).filter(uuid=work.uuid)
    with pytest.raises(NotAllowed):
        comment(outsider, work)


def test_comments_are_taken_until_the_end_of_the_last_day_and_no_longer(
    chair, member, group, client_of
):
    work = in_review(chair, group)
    today = timezone.now().date()
    Deliverable.objects.filter(pk=work.pk).update(review_until=today)
    actions.add_comment(actor=member, deliverable=work, source="In time.")
    assert "Add comment" in client_of(member).get(work.get_absolute_url()).text

    Deliverable.objects.filter(pk=work.pk).update(review_until=first_running() - timedelta(days=1))

    with pytest.raises(WrongState, match="Comments closed on"):
        actions.add_comment(actor=member, deliverable=work, source="Too late.")
    page = client_of(member).get(work.get_absolute_url()).text
    assert "Add comment" not in page
    assert "Comments closed on" in page
