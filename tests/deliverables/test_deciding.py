"""What the group decided about a text in review: rejected, or approved before the review was over."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from alliance.portal.provenance import provenance_of
from common.access import viewer_for
from common.days import end_of, first_running
from common.errors import Invalid, NotAllowed, WrongState
from common.links.models import Link
from common.record.models import Record
from common.ui.date_format import day_words
from notifications.content import contents_of
from notifications.models import Event
from tests import factories
from tests.committed import together
from tests.factories.works import approve, in_review, next_version, publication
from workinggroups.decisions.models import Decision
from workinggroups.decisions.subjects import EarlyApproval
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions import approval
from workinggroups.deliverables.models import Deliverable
from workinggroups.deliverables.queries import last_revision

AGAINST = {"method": "majority", "counts": Tally(2, 9, 0, "organizations")}
REASON = "All eleven partners have answered."


def words(response):
    return " ".join(response.content.decode().split())


def until_of(work, day):
    Deliverable.objects.filter(pk=work.pk).update(review_until=day)
    work.refresh_from_db()


def over(work):
    until_of(work, first_running() - timedelta(days=1))


def form(**more):
    return {
        "method": "consensus",
        "decided_on": timezone.now().date().isoformat(),
        "unit": "organizations",
        **more,
    }


def test_a_rejected_text_stays_in_review(chair, member, group, client_of):
    work = in_review(chair, group)

    made = actions.reject(actor=chair, deliverable=work, **AGAINST)

    work.refresh_from_db()
    revision = last_revision(work)
    assert (work.state, work.review_until is not None) == ("review", True)
    assert made.title == "Approve Evaluation Stack, revision 1"
    assert (made.outcome, made.subject_uuid) == ("rejected", revision.uuid)
    relations = Link.objects.filter(from_uuid=made.uuid).values_list("relation", "to_uuid")
    assert list(relations) == [("rejects", revision.uuid)]
    facts = json.loads(Record.objects.get(kind="deliverable", verb="not_approved").facts)
    assert facts["decision"] == str(made.uuid)
    page = words(client_of(chair).get(work.get_absolute_url()))
    assert f'Rejected by decision <a href="{made.get_absolute_url()}">D-1</a>.' in page
    assert "Request changes, or record another decision on this text." in page
    reader = words(client_of(member).get(work.get_absolute_url()))
    assert "It stays in review until the chairs request changes" in reader


def test_the_group_hears_of_a_rejection_as_such(chair, member, group):
    work = in_review(chair, group)

    actions.reject(actor=chair, deliverable=work, **AGAINST)

    assert not Event.objects.filter(kind="deliverable_approved").exists()
    event = Event.objects.get(kind="decision_recorded")
    content = contents_of([event], viewer_for(member.pk))[event.pk]
    assert content.title == "Rejected: Approve Evaluation Stack, revision 1"


def test_a_rejected_text_is_not_published(chair, group):
    work = in_review(chair, group)
    actions.reject(actor=chair, deliverable=work, **AGAINST)
    Deliverable.objects.filter(pk=work.pk).update(state="approved")

    with pytest.raises(WrongState, match="D-1 rejected revision 1"):
        actions.publish(actor=chair, deliverable=work, number="1.0")


def test_after_a_rejection_changes_are_requested_or_the_same_text_is_approved(chair, group):
    returned = in_review(chair, group, title="Returned")
    again = in_review(chair, group, title="Again")
    for work in (returned, again):
        actions.reject(actor=chair, deliverable=work, **AGAINST)

    actions.request_changes(actor=chair, deliverable=returned, reason="Shorter.")
    made = approve(chair, again)
    actions.publish(actor=chair, deliverable=again, number="1.0")

    returned.refresh_from_db()
    again.refresh_from_db()
    assert (returned.state, again.state) == ("draft", "published")
    assert again.publications.get().approval == made


def test_a_text_can_be_rejected_with_a_comment_open_and_before_the_review_is_over(
    chair, member, group
):
    work = in_review(chair, group)
    actions.add_comment(actor=member, deliverable=work, source="No.")

    assert actions.reject(actor=chair, deliverable=work, **AGAINST).early_until is None


@pytest.mark.parametrize("act", [actions.reject, actions.approve])
def test_only_what_is_in_review_is_decided_on_and_only_by_a_chair(chair, secretary, group, act):
    work = in_review(chair, group)
    with pytest.raises(NotAllowed):
        act(actor=secretary, deliverable=work, **AGAINST)
    approve(chair, work)

    with pytest.raises(WrongState):
        act(actor=chair, deliverable=work, **AGAINST)


def test_counts_that_carry_reject_nothing(chair, group):
    work = in_review(chair, group)

    with pytest.raises(Invalid, match="is a majority"):
        actions.reject(actor=chair, deliverable=work, method="majority", counts=Tally(9, 2))

    assert not Decision.objects.exists()


def test_no_call_of_approve_records_a_rejection(chair, group):
    work = in_review(chair, group)
    over(work)

    with pytest.raises(TypeError, match="outcome"):
        actions.approve(actor=chair, deliverable=work, outcome="rejected", **AGAINST)

    work.refresh_from_db()
    assert (work.state, Decision.objects.count()) == ("review", 0)


def test_the_public_page_names_no_earlier_rejection(chair, group, client):
    made = publication(chair, group)
    work = made.deliverable
    work.refresh_from_db()
    actions.revise(actor=chair, deliverable=work)
    actions.open_review(actor=chair, deliverable=work, until=timezone.now().date())
    secret = {**AGAINST, "dissent": "Words for the group alone."}
    refused = actions.reject(actor=chair, deliverable=work, **secret)
    actions.request_changes(actor=chair, deliverable=work, reason="Shorter.")
    actions.open_review(actor=chair, deliverable=work, until=timezone.now().date())
    approve(chair, work)
    second = actions.publish(actor=chair, deliverable=work, number="2.0")

    page = words(client.get(second.get_absolute_url()))
    story = provenance_of("publication", second.uuid, viewer_for(chair.pk))

    assert "Words for the group alone." not in page
    assert f"D-{refused.number}" not in page
    assert story is not None
    assert [step.is_rejected for step in story.steps].count(True) == 1
    assert any("does not approve" in does for step in story.steps for does in step.does)


def test_an_approval_before_the_review_is_over_asks_and_needs_a_reason(chair, group):
    work = in_review(chair, group)
    day = work.review_until

    for early in (None, EarlyApproval(day, "  ")):
        with pytest.raises(Invalid) as refusal:
            actions.approve(actor=chair, deliverable=work, early=early, method="consensus")
        assert refusal.value.field == "early_reason"
        question = f"The review ends on {day_words(day)}. Approve early?"
        assert str(refusal.value).startswith(question)

    work.refresh_from_db()
    assert work.state == "review"
    assert not Decision.objects.exists()


def test_the_reason_stays_on_the_decision_and_its_code_and_checksum_on_record(chair, member, group):
    work = in_review(chair, group)
    day = work.review_until

    made = actions.approve(
        actor=chair, deliverable=work, early=EarlyApproval(day, f" {REASON} "), method="consensus"
    )

    assert (made.early_until, made.early_reason) == (day, REASON)
    facts = Record.objects.get(kind="deliverable", verb="review_ended_early").facts
    assert json.loads(facts)["until"] == day.isoformat()
    assert json.loads(facts)["reason_sha256"] == sha256(REASON.encode()).hexdigest()
    assert not Record.objects.filter(facts__contains="eleven").exists()
    event = Event.objects.get(kind="deliverable_approved")
    content = contents_of([event], viewer_for(member.pk))[event.pk]
    assert content.detail == f"Decision D-1, before the review ended on {day_words(day)}"


def test_the_reason_is_read_on_every_page_of_the_approval(client, client_of, chair, group):
    work = in_review(chair, group)
    day, reader = work.review_until, client_of(chair)
    early = EarlyApproval(day, f"{REASON} <b>")
    made = actions.approve(actor=chair, deliverable=work, early=early, method="consensus")
    pages = [
        reader.get(made.get_absolute_url()),
        reader.get(work.get_absolute_url()),
        reader.get(f"{work.get_absolute_url()}publish/"),
    ]
    public = actions.publish(actor=chair, deliverable=work, number="1.0")
    pages.append(client.get(public.get_absolute_url()))

    for page in pages:
        text = words(page)
        assert f"{REASON} &lt;b&gt;" in text
        assert day_words(day) in text
    listed = reader.get(f"/api/v1/decisions/{made.uuid}/").json()
    assert (listed["early_until"], listed["early_reason"]) == (day.isoformat(), f"{REASON} <b>")


def test_the_last_day_ends_when_it_has_ended_everywhere_on_earth(chair, group, monkeypatch):
    """The day is that of UTC-12, as for comments; on the last day itself people still comment."""
    work = in_review(chair, group)
    day = date(2026, 12, 12)
    until_of(work, day)

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 13, 11, 59, tzinfo=UTC))
    assert approval.early_question(work) == f"The review ends on {day_words(day)}. Approve early?"

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 13, 12, 0, tzinfo=UTC))
    assert approval.early_question(work) == ""
    assert end_of(day) == datetime(2026, 12, 13, 12, 0, tzinfo=UTC)


def test_once_the_review_is_over_nothing_is_asked_and_no_reason_kept(chair, group, client_of):
    work = in_review(chair, group)
    over(work)
    assert "Approve early?" not in words(client_of(chair).get(f"{work.get_absolute_url()}approve/"))

    early = EarlyApproval(work.review_until, REASON)
    made = actions.approve(actor=chair, deliverable=work, early=early, method="consensus")

    assert (made.early_until, made.early_reason) == (None, "")
    assert not Record.objects.filter(verb="review_ended_early").exists()


def test_a_reason_for_another_last_day_does_not_count(chair, group):
    work = in_review(chair, group)
    shown = work.review_until
    until_of(work, shown + timedelta(days=8))

    with pytest.raises(Invalid, match="The last day of the review is another one now") as refusal:
        actions.approve(
            actor=chair, deliverable=work, early=EarlyApproval(shown, REASON), method="consensus"
        )

    assert refusal.value.field == "early_reason"
    assert day_words(shown + timedelta(days=8)) in str(refusal.value)


def test_a_decision_on_a_revision_that_was_not_shown_is_refused(chair, group):
    work = in_review(chair, group)
    actions.request_changes(actor=chair, deliverable=work, reason="Shorter.")
    actions.open_review(actor=chair, deliverable=work, until=timezone.now().date())

    for act in (actions.approve, actions.reject):
        with pytest.raises(WrongState, match="Revision 2 is in review now"):
            act(actor=chair, deliverable=work, seen=1, **AGAINST)


def test_the_form_asks_and_takes_the_reason(client_of, chair, group):
    work = in_review(chair, group)
    day, browser, url = work.review_until, client_of(chair), f"{work.get_absolute_url()}approve/"
    page = words(browser.get(url))
    assert f"The review ends on {day_words(day)}. Approve early?" in page
    assert f'name="early_until" value="{day.isoformat()}"' in page

    shown = {"early_until": day.isoformat(), "revision": "1"}
    refused = browser.post(url, form(**shown))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["early_reason"])
    browser.post(url, form(early_reason=REASON, **shown))

    assert Decision.objects.get().early_reason == REASON


def test_the_form_opened_after_the_review_asks_when_the_last_day_was_moved(client_of, chair, group):
    """The page had no such field; what was typed stays, and the next answer counts."""
    work = in_review(chair, group)
    browser, url = client_of(chair), f"{work.get_absolute_url()}approve/"
    day = timezone.now().date() + timedelta(days=5)
    until_of(work, day)

    refused = browser.post(url, form(revision="1", dissent="One would rather wait."))

    page = words(refused)
    assert refused.status_code == 422
    assert "One would rather wait." in page
    assert f'name="early_until" value="{day.isoformat()}"' in page


def test_the_form_records_a_rejection_without_a_reason_for_coming_early(client_of, chair, group):
    work = in_review(chair, group)
    votes = {"method": "majority", "votes_for": "2", "votes_against": "9"}

    answer = client_of(chair).post(
        f"{work.get_absolute_url()}approve/",
        form(outcome="rejected", revision="1", **votes),
        follow=True,
    )

    assert "Rejection recorded as decision D-1. The group has been notified." in words(answer)
    assert Decision.objects.get().is_rejected


def test_of_an_approval_and_a_moved_last_day_the_reason_fits_the_day(
    committed_db, django_db_blocker
):
    """Whichever comes first: an early approval never names a day that the review no longer had."""
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(chair=chair)
        for place in range(6):
            work = in_review(chair, group, title=f"Work {place}")
            shown = work.review_until
            early = EarlyApproval(shown, REASON)

            def move(work=work, shown=shown):
                actions.request_changes(actor=chair, deliverable=work, reason="Shorter.")
                later = shown + timedelta(days=7)
                actions.open_review(actor=chair, deliverable=work, until=later)

            approved, moved = together(
                lambda work=work, early=early: actions.approve(
                    actor=chair, deliverable=work, early=early, method="consensus"
                ),
                move,
            )

            work.refresh_from_db()
            if isinstance(approved, Decision):
                assert isinstance(moved, WrongState)
                assert (work.state, approved.early_until) == ("approved", shown)
            else:
                assert isinstance(approved, Invalid | WrongState)
                assert work.state in {"draft", "review"}


def test_the_next_version_asks_again(chair, group):
    made = publication(chair, group)
    second = next_version(chair, made.deliverable, "1.1")

    assert second.approval.early_until == timezone.now().date() + timedelta(days=14)
