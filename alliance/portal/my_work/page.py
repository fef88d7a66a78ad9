"""My work: what one person has to do now, waits for, and does later."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from alliance.portal.my_work import group_work, membership
from alliance.portal.my_work.needs import LIMIT, Awaited, Need
from common import days
from common.access import Viewer
from members.onboarding import queries as onboarding
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import ActionItem
from workinggroups.meetings.models import Meeting

SOON_DAYS = 7
DECIDED_DAYS = 14


@dataclass(frozen=True, slots=True)
class MyWork:
    needs: list[Need]
    awaited: list[Awaited]
    later: list[ActionItem]
    meetings: list[Meeting]
    now: Meeting | None
    decided: list[Decision]

    @property
    def is_empty(self) -> bool:
        return not (self.needs or self.awaited or self.later or self.meetings or self.decided)


def my_work(person: Person, viewer: Viewer) -> MyWork:
    """Return what this person should do now; a fixed number of queries."""
    now = timezone.now()
    today = days.today_in(person.zone, now)
    items = list(
        ActionItem.objects.visible_to(viewer)
        .open()
        .owned_by(person.pk)
        .exclude(group__state=GroupState.CONCLUDED)
        .select_related("group")
        .order_by("due_on", "number")[:LIMIT]
    )
    soon = today + timedelta(days=SOON_DAYS)
    awaiting = onboarding.awaiting_agreements(viewer)
    near = [item for item in items if item.due_on is not None and item.due_on <= soon]
    later = [item for item in items if item not in near]
    needs = [
        *(group_work.action_need(item, today) for item in near),
        *group_work.review_needs(viewer, today),
        *group_work.poll_needs(viewer, today),
        *group_work.invitation_needs(viewer),
        *group_work.admission_needs(viewer),
        *group_work.minutes_needs(viewer, now, today),
        *group_work.late_item_needs(viewer, today),
        *membership.signature_needs(awaiting),
        *membership.agreement_needs(viewer),
        *membership.application_needs(viewer),
        *group_work.text_change_needs(viewer),
    ]
    needs.sort(key=lambda need: (need.due_on is None, need.due_on or today))
    meetings = list(
        Meeting.objects.visible_to(viewer)
        .upcoming()
        .filter(group_id__in=viewer.group_ids, starts_at__lt=now + timedelta(days=SOON_DAYS))
        .select_related("group", "series")[:LIMIT]
    )
    return MyWork(
        needs=needs,
        awaited=[
            *membership.signatures_awaited(awaiting, viewer),
            *membership.answers_awaited(viewer),
        ],
        later=later,
        meetings=meetings,
        now=next((meeting for meeting in meetings if meeting.starts_at <= now), None),
        decided=recent_decisions(viewer, today),
    )


def recent_decisions(viewer: Viewer, today: date) -> list[Decision]:
    """Return what the viewer's groups decided in the last two weeks."""
    if not viewer.seats:
        return []
    return list(
        Decision.objects.visible_to(viewer)
        .filter(group_id__in=viewer.group_ids, decided_on__gt=today - timedelta(days=DECIDED_DAYS))
        .select_related("group__focus_area")
        .latest_first()[:5]
    )
