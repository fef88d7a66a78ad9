"""What their groups ask of a person."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.portal.my_work.needs import LIMIT, Need
from common import days
from common.access import Viewer
from common.text.models import TextChange
from common.times import zone_named
from common.ui.date_format import moment_words
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable
from workinggroups.groups.choices import CHAIRS_REMINDED_DAYS, GroupState
from workinggroups.groups.models import ActionItem, AdmissionRequest
from workinggroups.groups.notifications import invitation_title
from workinggroups.groups.queries import invitations_to_answer
from workinggroups.meetings.models import Meeting, TimePoll

# Minutes that are missing for longer are not listed.
MINUTES_ASKED_DAYS = 60


def action_need(item: ActionItem, today: date) -> Need:
    return Need(
        icon="check2-square",
        title=item.text,
        detail=_("Action item A-%(number)s, %(group)s")
        % {"number": item.number, "group": item.group},
        url=item.get_absolute_url(),
        button=_("Mark as done"),
        done_url=reverse("action-close", args=[item.group.slug, item.number]),
        due_on=item.due_on,
        is_late=item.is_late,
        days=(item.due_on - today).days if item.due_on else None,
    )


def review_needs(viewer: Viewer, today: date) -> Iterator[Need]:
    """Yield texts in review in the viewer's groups; for chairs only, once the review is over."""
    drafts = (
        Deliverable.objects.visible_to(viewer)
        .filter(state=DeliverableState.REVIEW, group_id__in=viewer.group_ids)
        .select_related("group")
        .order_by("review_until", "pk")[:LIMIT]
    )
    for draft in drafts:
        if draft.review_is_over and not viewer.is_chair(draft.group_id):
            continue
        ends = moment_words(draft.review_ends_at, viewer.zone) if draft.review_ends_at else ""
        if draft.review_is_over:
            title = _("End the review of %(title)s")
            detail = _("%(group)s: the last day for comments has passed")
        else:
            title = _("Review %(title)s")
            detail = _("%(group)s asks for comments until %(moment)s")
        yield Need(
            icon="chat-left-text",
            title=title % {"title": draft.title},
            detail=detail % {"group": draft.group, "moment": ends},
            url=draft.get_absolute_url(),
            button=_("Open review"),
            due_on=draft.review_until,
            is_late=draft.review_is_over,
            days=(draft.review_until - today).days if draft.review_until else None,
        )


def poll_needs(viewer: Viewer, today: date) -> Iterator[Need]:
    """Yield polls that the viewer has not answered, and to officers those whose last day is over."""
    answering = [group_id for group_id, seat in viewer.seats.items() if not seat.read_only]
    if not answering:
        return
    polls = TimePoll.objects.visible_to(viewer).open().filter(group_id__in=answering)
    running = polls.exclude(group__state=GroupState.CONCLUDED).select_related("group")
    for poll in running.unanswered_by(viewer.person_id)[:LIMIT]:
        if not poll.is_overdue:
            yield Need(
                icon="calendar-event",
                title=_("Say when you can meet: %(title)s") % {"title": poll.title},
                detail=_("Poll of %(group)s") % {"group": poll.group},
                url=poll.get_absolute_url(),
                button=_("Answer"),
                due_on=poll.answers_due_on,
                days=(poll.answers_due_on - today).days,
            )
    officer_of = [group_id for group_id in answering if viewer.is_officer(group_id)]
    if not officer_of:
        return
    over = running.filter(group_id__in=officer_of, answers_due_on__lt=days.first_running())
    for poll in over[:LIMIT]:
        yield Need(
            icon="calendar-event",
            title=_("Choose a time: %(title)s") % {"title": poll.title},
            detail=_("%(group)s: the last day to answer has passed") % {"group": poll.group},
            url=reverse("poll-decide", args=[poll.group.slug, poll.uuid]),
            button=_("Choose"),
            due_on=poll.answers_due_on,
            is_late=True,
            days=(poll.answers_due_on - today).days,
        )


def admission_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield requests to join groups that the viewer chairs."""
    chaired = [group_id for group_id in viewer.chaired_ids if viewer.is_chair(group_id)]
    if not chaired:
        return
    requests = (
        AdmissionRequest.objects.waiting()
        .filter(group_id__in=chaired)
        .select_related("person", "organization", "group")[:LIMIT]
    )
    for request in requests:
        yield Need(
            icon="person-check",
            title=_("%(person)s has asked to join %(group)s")
            % {"person": request.person, "group": request.group},
            detail=str(request.organization or _("Individual")),
            url=f"{reverse('group-people', args=[request.group.slug])}#asks-{request.uuid}",
            button=_("Answer"),
        )


def invitation_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield invitations into groups that were sent to the viewer's address."""
    for invitation in invitations_to_answer(viewer.person_id or 0)[:LIMIT]:
        yield Need(
            icon="envelope",
            title=invitation_title(invitation),
            detail=_("Accept or decline by %(moment)s")
            % {"moment": moment_words(invitation.expires_at, viewer.zone)},
            url=invitation.get_absolute_url(),
            button=_("Answer"),
        )


def minutes_needs(viewer: Viewer, now: datetime, today: date) -> Iterator[Need]:
    """Yield past meetings without approved minutes, of groups in which the viewer has an office."""
    groups = [group for group in viewer.group_ids if viewer.is_officer(group)]
    if not groups:
        return
    meetings = (
        Meeting.objects.visible_to(viewer)
        .without_minutes()
        .filter(group_id__in=groups, ends_at__gt=now - timedelta(days=MINUTES_ASKED_DAYS))
        .select_related("group", "series")[:5]
    )
    for meeting in meetings:
        due = meeting.minutes_due_at.astimezone(zone_named(viewer.zone)).date()
        yield Need(
            icon="journal-text",
            title=_("Minutes of %(meeting)s") % {"meeting": meeting.full_title},
            detail=f"{meeting.group}, {meeting.get_minutes_state_display()}",
            url=f"{meeting.get_absolute_url()}#notes",
            button=_("Open minutes"),
            due_on=due,
            is_late=meeting.minutes_are_late,
            days=(due - today).days,
        )


def late_item_needs(viewer: Viewer, today: date) -> Iterator[Need]:
    """Yield groups that the viewer chairs, with the action items there that are long late."""
    if not viewer.chaired_ids:
        return
    last_day = today - timedelta(days=CHAIRS_REMINDED_DAYS)
    late = ActionItem.objects.visible_to(viewer).open().filter(due_on__lte=last_day)
    groups = (
        late.filter(group_id__in=viewer.chaired_ids)
        .exclude(group__state=GroupState.CONCLUDED)
        .order_by("group__sort_name", "group")
        .values_list("group__name", "group__slug")
        .annotate(count=Count("pk"))
    )
    for name, slug, count in groups[:LIMIT]:
        yield Need(
            icon="exclamation-circle",
            title=ngettext(
                "%(count)d action item of %(group)s is late for two weeks or more",
                "%(count)d action items of %(group)s are late for two weeks or more",
                count,
            )
            % {"count": count, "group": name},
            detail=_("Their owners are reminded every week. You can reassign them."),
            url=f"{reverse('group-actions', args=[slug])}?due=two_weeks_late",
            button=_("See the items"),
        )


def text_change_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield how many texts an upgrade changed in groups that the viewer chairs."""
    if not viewer.chaired_ids:
        return
    count = TextChange.objects.unseen().filter(group_id__in=viewer.chaired_ids).count()
    if count:
        yield Need(
            icon="journal-text",
            title=ngettext(
                "%(count)d text of your groups reads differently since an upgrade",
                "%(count)d texts of your groups read differently since an upgrade",
                count,
            )
            % {"count": count},
            detail=_("Nobody edited them. Compare the wording before and after."),
            url=reverse("text-changes"),
            button=_("Compare"),
        )
