"""Minutes on their way from the draft to approval, and what was approved."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from common.access import Viewer
from workinggroups.groups.choices import MinutesRule
from workinggroups.meetings.choices import MinutesState
from workinggroups.meetings.models import Correction, Meeting, SealedMinutes

# So many drafts are offered for approval on the page of a meeting.
DRAFTS_SHOWN = 20


def final_by_rule() -> QuerySet[Meeting]:
    """Return the meetings whose draft minutes are final by the charter.

    Their time for corrections is over, and every correction asked for in time has an answer.
    """
    delaying = Correction.objects.delaying().filter(meeting=OuterRef("pk"))
    drafts = Meeting.objects.filter(
        minutes_state=MinutesState.DRAFT,
        minutes_rule=MinutesRule.BY_RULE,
        corrections_until__lte=timezone.now(),
    )
    return drafts.exclude(Exists(delaying))


def is_final_by_rule(meeting: Meeting) -> bool:
    """Tell whether the draft of this meeting is final by the charter. No query for most meetings."""
    return (
        meeting.becomes_final_by_rule
        and not meeting.takes_corrections
        and final_by_rule().filter(pk=meeting.pk).exists()
    )


def final_since(meeting: Meeting) -> datetime:
    """Return when the draft became final by the charter: at the end of the time for corrections, or
    when the last correction asked for in time was answered.
    """
    assert meeting.corrections_until is not None
    answers = meeting.corrections.filter(in_time=True, answered_at__isnull=False)
    last = answers.order_by("-answered_at").values_list("answered_at", flat=True).first()
    return max(meeting.corrections_until, last or meeting.corrections_until)


def seal_in_force(meeting: Meeting) -> SealedMinutes | None:
    """Return what was approved as the minutes, unless they were unlocked since."""
    if not meeting.is_approved:
        return None
    return meeting.sealed_minutes.filter(unlocked_at=None).select_related("revision").first()


def drafts_for(meeting: Meeting, viewer: Viewer) -> list[Meeting]:
    """Return earlier meetings whose draft minutes the group can approve at this one. One query."""
    drafts = Meeting.objects.visible_to(viewer).to_approve_at(meeting)[:DRAFTS_SHOWN]
    return [_in_group(draft, meeting) for draft in drafts]


def meetings_to_approve_at(meeting: Meeting, viewer: Viewer) -> list[Meeting]:
    """Return the later meetings of the group that have begun, the latest first. One query."""
    later = Meeting.objects.visible_to(viewer).filter(
        group=meeting.group_id,
        starts_at__gt=meeting.starts_at,
        starts_at__lte=timezone.now(),
    )
    begun = later.exclude(state="cancelled").order_by("-starts_at", "-pk")[:DRAFTS_SHOWN]
    return [_in_group(each, meeting) for each in begun]


def _in_group(each: Meeting, meeting: Meeting) -> Meeting:
    each.group = meeting.group
    return each
