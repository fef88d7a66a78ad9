"""What one person has to do, composed from several apps, the soonest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import days
from common.access import Viewer
from common.text.models import TextChange
from common.times import zone_named
from common.ui.date_format import day_words, moment_words
from members.onboarding import queries as onboarding
from members.onboarding.choices import InvitationState
from members.onboarding.models import Application, Invitation
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable
from workinggroups.groups.choices import CHAIRS_REMINDED_DAYS, GroupState
from workinggroups.groups.models import ActionItem, AdmissionRequest
from workinggroups.groups.notifications import invitation_title
from workinggroups.groups.queries import invitations_to_answer
from workinggroups.meetings.models import Meeting, TimePoll

SOON_DAYS = 7
# Minutes that are missing for longer are not listed.
MINUTES_ASKED_DAYS = 60
DECIDED_DAYS = 14
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that this person should do, why, and the button for it."""

    icon: str
    title: str
    detail: str
    url: str
    button: str
    due_on: date | None = None
    done_url: str = ""  # a POST to it does the thing at once
    is_late: bool = False
    days: int | None = None

    @property
    def days_late(self) -> int:
        return max(-(self.days or 0), 1)


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that someone else has to do before this person can continue."""

    title: str
    detail: str
    url: str


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
        *(action_need(item, today) for item in near),
        *review_needs(viewer, today),
        *poll_needs(viewer, today),
        *invitation_needs(viewer),
        *admission_needs(viewer),
        *minutes_needs(viewer, now, today),
        *late_item_needs(viewer, today),
        *signature_needs(awaiting),
        *agreement_needs(viewer),
        *application_needs(viewer),
        *text_change_needs(viewer),
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
        awaited=[*signatures_awaited(awaiting, viewer), *answers_awaited(viewer)],
        later=later,
        meetings=meetings,
        now=next((meeting for meeting in meetings if meeting.starts_at <= now), None),
        decided=recent_decisions(viewer, today),
    )


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


def signature_needs(awaiting: list[onboarding.Awaiting]) -> Iterator[Need]:
    """Yield organizations that wait for the viewer's signature."""
    for membership in awaiting:
        if membership.is_mine:
            yield Need(
                icon="pen",
                title=_("Sign the agreements for %(organization)s")
                % {"organization": membership.organization},
                detail=_("It becomes a member once you have accepted them."),
                url=reverse("organization-agreements", args=[membership.organization.slug]),
                button=_("Read and sign"),
            )


def signatures_awaited(awaiting: list[onboarding.Awaiting], viewer: Viewer) -> Iterator[Awaited]:
    """Yield the viewer's organizations that wait for another person's signature."""
    for membership in awaiting:
        if not membership.is_mine:
            yield Awaited(
                title=_("%(organization)s becomes a member once its agreements are signed")
                % {"organization": membership.organization},
                detail=_whose_signature(membership.signatory, viewer),
                url=reverse("organization-agreements", args=[membership.organization.slug]),
            )


def _whose_signature(signatory: Invitation | None, viewer: Viewer) -> str:
    if signatory is None:
        return _("No signatory has been named. Staff can invite one.")
    values = {
        "person": signatory.accepted_by or signatory.name or signatory.address,
        "day": day_words(signatory.created_at.astimezone(zone_named(viewer.zone))),
    }
    if signatory.state == InvitationState.ACCEPTED:
        words = _("Waiting for %(person)s to sign. They accepted our invitation of %(day)s.")
    elif signatory.is_lapsed:
        words = _("%(person)s did not answer in time. Staff can send the agreements again.")
    else:
        words = _("Waiting for %(person)s. We sent the agreements on %(day)s.")
    return words % values


def answers_awaited(viewer: Viewer) -> Iterator[Awaited]:
    """Yield the viewer's applications that staff have not decided."""
    for application in onboarding.applications_with_staff(viewer):
        yield Awaited(
            title=_("The application of %(organization)s is with staff")
            % {"organization": application},
            detail=_("They check the facts. We will e-mail you their decision."),
            url=application.get_absolute_url(),
        )


def agreement_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield agreements that the viewer has to accept for themselves."""
    for version in onboarding.texts_due(viewer):
        yield Need(
            icon="file-earmark-check",
            title=_("Accept “%(title)s”") % {"title": version.title},
            detail=_("Version %(number)s is in force") % {"number": version.number},
            url=reverse("own-agreements"),
            button=_("Read and accept"),
        )


def application_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield, for staff, how many applications are undecided."""
    if not viewer.is_staff:
        return
    waiting = Application.objects.undecided().count()
    if waiting:
        yield Need(
            icon="building",
            title=ngettext(
                "%(count)s application is waiting for a decision",
                "%(count)s applications are waiting for a decision",
                waiting,
            )
            % {"count": waiting},
            detail=_("Admin"),
            url=reverse("staff-applications"),
            button=_("See applications"),
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
