"""Every type of page, once: its room, who looks at it, and where an example of it is found.

The checks by axe, of bytes and of width (`tests/test_pages.py`) and the pictures (`make shots`) walk
this list, over the world of the tests or over the demo: a `Stage` finds the examples in whichever
database there is. An address that answers a person with HTML stands here, in `tests/states` or
in `NO_PAGES`; a test holds the lists against the site's addresses. What is first brought into a
state is in `tests/states`, pages without an address are in `tests/rendered_pages.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from common.drafts.actions import save_draft
from common.drafts.models import Draft
from common.identifiers import new_uuid
from members.onboarding.models import Application
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import ActionItem, ActionItemComment, Group, Office
from workinggroups.meetings.models import (
    AgendaItem,
    AgendaProposal,
    AttendanceClaim,
    Correction,
    Meeting,
    MeetingSeries,
    TimePoll,
)


class Stage:
    """The people who look, by role, and the richest example of each thing they look at."""

    def __init__(self, people: Mapping[str, Person], group: Group | None = None) -> None:
        self.people = people
        self._group = group

    def afresh(self) -> "Stage":
        """The same, with people and examples read anew: for those who change them."""
        people = Person.objects.in_bulk([person.pk for person in self.people.values()])
        again = {role: people[person.pk] for role, person in self.people.items()}
        return Stage(again, self._group and Group.objects.get(pk=self._group.pk))

    @cached_property
    def group(self) -> Group:
        """The group in which most happens, of those that the chair chairs."""
        if self._group is not None:
            return self._group
        chaired = Office.objects.filter(
            person=self.people["chair"], office="chair", during__endswith__isnull=True
        )
        groups = Group.objects.filter(pk__in=chaired.values("group"))
        return max(groups, key=lambda group: Meeting.objects.filter(group=group).count())

    @cached_property
    def planned(self) -> Meeting:
        return self._in_group(Meeting, state="planned", series=None).order_by("-starts_at")[0]

    @cached_property
    def meeting(self) -> Meeting:
        """The one with the longest story of notes."""
        return self._in_group(Meeting).order_by("-notes_count", "-starts_at")[0]

    @cached_property
    def running(self) -> Meeting:
        """The one that runs now, with guests."""
        now = timezone.now()
        running = self._in_group(Meeting, starts_at__lte=now, ends_at__gt=now)
        return running.filter(guests__isnull=False).exclude(state="cancelled")[0]

    @cached_property
    def claim(self) -> AttendanceClaim:
        waiting = AttendanceClaim.objects.filter(meeting__group=self.group, state="open")
        return waiting.select_related("meeting__group")[0]

    @cached_property
    def proposal(self) -> AgendaProposal:
        """An item that the member proposed and nobody has answered."""
        own = AgendaProposal.objects.open().filter(author=self.people["member"])
        return own.filter(meeting__group=self.group).select_related("meeting__group")[0]

    @cached_property
    def series(self) -> MeetingSeries:
        active = self._in_group(MeetingSeries, state="active").exclude(frequency="daily")
        return active.alias(items=Count("template")).order_by("-items", "-pk")[0]

    @cached_property
    def several_days(self) -> MeetingSeries:
        """A meeting of several days."""
        return self._in_group(MeetingSeries, state="active", frequency="daily").order_by("pk")[0]

    @cached_property
    def poll(self) -> TimePoll:
        """An open one, with as many answers as there are."""
        polls = self._in_group(TimePoll, state="open")
        return polls.annotate(answers=Count("options__answers")).order_by("-answers", "-pk")[0]

    @cached_property
    def topic(self) -> Topic:
        return self._in_group(Topic).order_by("-number")[0]

    @cached_property
    def decision(self) -> Decision:
        return self._in_group(Decision).order_by("-number")[0]

    @cached_property
    def action_item(self) -> ActionItem:
        return self._in_group(ActionItem, state="open").order_by("number")[0]

    @cached_property
    def own_comment(self) -> ActionItemComment:
        """The member's own last comment on an action item of the group."""
        own = ActionItemComment.objects.filter(group=self.group, author=self.people["member"])
        return own.filter(hidden_at=None).select_related("item").order_by("-pk")[0]

    def work(self, state: DeliverableState) -> Deliverable:
        """One of the group, or of another group of the chair's where this one has none."""
        own = self._in_group(Deliverable, state=state).order_by("-number").first()
        if own is not None:
            return own
        chaired = Office.objects.filter(
            person=self.people["chair"], office="chair", during__endswith__isnull=True
        )
        groups = chaired.values("group")
        return Deliverable.objects.filter(group__in=groups, state=state).order_by("-pk")[0]

    @cached_property
    def open_comment(self) -> ReviewComment:
        waiting = ReviewComment.objects.filter(state="open", revision__deliverable__state="review")
        return waiting.filter(revision__deliverable__group=self.group).order_by("pk")[0]

    @cached_property
    def held(self) -> Meeting:
        """One that is over and whose minutes nobody approved."""
        over = self._in_group(Meeting, ends_at__lt=timezone.now(), notes_count__gt=0)
        return over.exclude(minutes_state="approved").order_by("-starts_at")[0]

    @cached_property
    def requested(self) -> Correction:
        """A correction to draft minutes of the group that nobody has answered."""
        asked = Correction.objects.unanswered().filter(meeting__group=self.group)
        drafts = asked.filter(meeting__minutes_state="draft")
        return drafts.select_related("meeting__group").order_by("pk")[0]

    @cached_property
    def own_post(self) -> Post:
        """The member's own last word in the group."""
        own = Post.objects.filter(topic__group=self.group, author=self.people["member"])
        return own.filter(topic__locked_at=None).order_by("-pk")[0]

    @cached_property
    def draft(self) -> Draft:
        """Something the member typed and did not save."""
        person_uuid = self.people["member"].uuid
        return Draft.objects.filter(person_uuid=person_uuid).first() or save_draft(
            person_uuid=person_uuid,
            uuid=new_uuid(),
            page=self.topic.get_absolute_url(),
            form="PostForm",
            label="Your post",
            fields={"source": ["The limit favours those with their own hardware."]},
        )

    @cached_property
    def quiet_group(self) -> Group:
        """A group everybody may read and in which the least happened: what empty pages say."""
        groups = Group.objects.filter(listing="public", content="alliance").exclude(
            state="concluded"
        )
        return min(groups, key=lambda group: Meeting.objects.filter(group=group).count())

    @cached_property
    def publication(self) -> Publication:
        return Publication.objects.filter(withdrawn_at=None).order_by("published_at")[0]

    @cached_property
    def application(self) -> Application:
        return Application.objects.undecided().exclude(number=None).order_by("pk")[0]

    @cached_property
    def organization(self) -> Organization:
        represented = self.people["representative"].representations.current()
        return represented.select_related("organization")[0].organization

    def _in_group(self, model: Any, **wanted: Any) -> Any:
        return model.objects.filter(group=self.group, **wanted)


Arguments = Callable[[Stage], tuple[Any, ...]]


@dataclass(frozen=True)
class PageType:
    """A page, who looks at it (nobody signed in without a role), and the addresses it stands for."""

    name: str
    family: str
    route: str
    role: str = ""
    args: Arguments = lambda stage: ()
    query: str = ""
    # Addresses whose pages are made of the same parts: looked at through this one.
    alike: tuple[str, ...] = ()

    def path(self, stage: Stage) -> str:
        return reverse(self.route, args=self.args(stage)) + self.query

    def __str__(self) -> str:
        return self.name


def _group(stage: Stage) -> tuple[Any, ...]:
    return (stage.group.slug,)


def _planned(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.planned.address


def _files(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, "meeting", stage.planned.uuid


def _approved(stage: Stage) -> tuple[Any, ...]:
    approved = Meeting.objects.filter(group=stage.group, minutes_state="approved")
    return stage.group.slug, approved.order_by("-starts_at")[0].address


def _proposal(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.proposal.meeting.address, stage.proposal.uuid


def _recorded(stage: Stage) -> tuple[Any, ...]:
    recorded = Meeting.objects.filter(group=stage.group, recording__isnull=False)
    return stage.group.slug, recorded.order_by("-starts_at")[0].address


def _correction(stage: Stage) -> tuple[Any, ...]:
    meeting = stage.requested.meeting
    return meeting.group.slug, meeting.address, stage.requested.uuid


def _meeting(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.meeting.address


def _running(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.running.address


def _series(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.series.uuid


def _poll(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.poll.uuid


def _days(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.several_days.uuid


def _day(stage: Stage) -> tuple[Any, ...]:
    coming = stage.several_days.meetings.upcoming().filter(number=None, follows_series=True)
    return stage.group.slug, coming[0].address


def _occurrence(stage: Stage) -> tuple[Any, ...]:
    coming = stage.series.meetings.upcoming().filter(number=None, follows_series=True)
    return stage.group.slug, coming[0].address


def _organization(stage: Stage) -> tuple[Any, ...]:
    return (stage.organization.slug,)


def _work(state: DeliverableState) -> Arguments:
    return lambda stage: (stage.work(state).group.slug, stage.work(state).number)


def _held(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.held.address


def _decision(stage: Stage) -> tuple[Any, ...]:
    return stage.group.slug, stage.decision.number


def _own_post(stage: Stage) -> tuple[Any, ...]:
    post = stage.own_post
    return stage.group.slug, post.topic.number, post.number


def _own_comment(stage: Stage) -> tuple[Any, ...]:
    comment = stage.own_comment
    return stage.group.slug, comment.item.number, comment.number


def _quiet(stage: Stage) -> tuple[Any, ...]:
    return (stage.quiet_group.slug,)


def _unsent(stage: Stage) -> tuple[Any, ...]:
    return (stage.people["stranger"].applications.filter(number=None).order_by("pk")[0].uuid,)


def _application(stage: Stage) -> tuple[Any, ...]:
    return (stage.people["stranger"].applications.order_by("pk")[0].uuid,)


DRAFT = _work(DeliverableState.DRAFT)
_REVIEW = _work(DeliverableState.REVIEW)

PAGES = [
    # --- the journal: nobody is signed in ---
    PageType("front", "journal", "home"),
    PageType("catalogue", "journal", "catalogue"),
    PageType(
        "publication",
        "journal",
        "publication",
        args=lambda stage: (stage.publication.identifier,),
    ),
    PageType(
        "publication-version",
        "journal",
        "publication-version",
        args=lambda stage: (stage.publication.identifier, stage.publication.number),
    ),
    PageType(
        "full-text",
        "journal",
        "publication-text",
        args=lambda stage: (stage.publication.identifier, stage.publication.number),
    ),
    PageType(
        "why",
        "journal",
        "why-publication",
        "member",
        lambda stage: (stage.publication.uuid,),
        alike=("why-decision", "why-deliverable"),
    ),
    PageType("members", "journal", "members"),
    PageType("member", "journal", "organization", args=_organization),
    PageType("join", "journal", "join"),
    PageType("site-text", "journal", "site-text", args=lambda stage: ("privacy",)),
    PageType("record", "journal", "record"),
    PageType("sign-in", "journal", "account_login"),
    PageType("sign-up", "journal", "account_signup"),
    PageType("begin-an-application", "journal", "join-start"),
    PageType("sign-in-by-code", "journal", "account_request_login_code"),
    PageType("reset-password", "journal", "account_reset_password"),
    PageType("account-suspended", "journal", "account_inactive"),
    PageType("password-is-new", "journal", "account_password_reset_completed"),
    PageType("agreements", "journal", "agreements"),
    PageType(
        "agreement",
        "journal",
        "agreement",
        args=lambda stage: ("membership",),
        alike=("agreement-version",),
    ),
    PageType("appearance", "journal", "appearance"),
    PageType("developers", "journal", "developers"),
    PageType("not-found", "journal", "publication", args=lambda stage: ("AS-0",)),
    # --- the desk: what one person does ---
    PageType("my-work", "desk", "my-work", "member"),
    PageType("own-action-items", "desk", "own-action-items", "member"),
    PageType(
        "action-items-of-chaired",
        "desk",
        "own-action-items",
        "chair",
        query="?whose=chaired&due=late",
    ),
    PageType("inbox", "desk", "inbox", "member", alike=("inbox-open",)),
    PageType("drafts", "desk", "drafts", "member"),
    PageType("draft", "desk", "draft", "member", args=lambda stage: (stage.draft.uuid,)),
    PageType("calendar", "desk", "calendar", "member"),
    PageType("search", "desk", "search", "member", query="?q=test"),
    PageType("directory", "desk", "directory", "member"),
    PageType(
        "person", "desk", "person", "member", args=lambda stage: (stage.people["chair"].uuid,)
    ),
    PageType("groups", "desk", "groups", "member"),
    PageType("own-acts", "desk", "own-acts", "member"),
    PageType(
        "settings",
        "settings",
        "settings_profile",
        "member",
    ),
    PageType("addresses", "settings", "account_email", "member"),
    PageType(
        "password",
        "settings",
        "account_change_password",
        "member",
    ),
    PageType("notices-settings", "settings", "notices-settings", "member"),
    PageType(
        "second-factor",
        "settings",
        "mfa_index",
        "member",
    ),
    PageType("sign-ins", "settings", "settings_sign_ins", "member"),
    PageType("tokens", "settings", "settings_tokens", "member"),
    PageType("own-agreements", "settings", "own-agreements", "member"),
    PageType("close-account", "settings", "settings_close", "member"),
    PageType("sign-out", "settings", "account_logout", "member"),
    # --- the own organization ---
    PageType("own-organization", "organization", "organization", "representative", _organization),
    PageType(
        "organization-people",
        "organization",
        "organization-people",
        "representative",
        _organization,
    ),
    PageType("edit", "organization", "organization-edit", "representative", _organization),
    PageType(
        "invitations", "organization", "organization-invitations", "representative", _organization
    ),
    PageType("signed", "organization", "organization-agreements", "representative", _organization),
    PageType(
        "organization-voters",
        "organization",
        "organization-voters",
        "representative",
        _organization,
    ),
    PageType(
        "name-voters",
        "organization",
        "organization-voters-edit",
        "representative",
        lambda stage: (stage.organization.slug, stage.group.uuid),
    ),
    # --- a group ---
    PageType("group", "group", "group", "member", _group),
    PageType("charter", "group", "group-charter", "member", _group),
    PageType(
        "charter-version",
        "group",
        "group-charter-version",
        "member",
        lambda stage: (stage.group.slug, 1),
    ),
    PageType(
        "charter-draft",
        "group",
        "group-charter-edit",
        "chair",
        _group,
    ),
    PageType("people", "group", "group-people", "chair", _group),
    PageType(
        "member-of-group",
        "group",
        "group-member",
        "chair",
        lambda stage: (stage.group.slug, stage.people["member"].uuid),
    ),
    PageType("group-for-everybody", "group", "group", args=_group),
    PageType("group-for-a-stranger", "group", "group", "stranger", _group),
    PageType("action-items-closed", "group", "group-actions", "member", _group, "?state=closed"),
    PageType("join-a-group", "group", "group-join", "representative", _group),
    PageType("leave-a-group", "group", "group-leave", "member", _group),
    PageType("add-a-member", "group", "group-add-member", "chair", _group),
    PageType("hand-over", "group", "group-hand-over", "chair", _group),
    PageType(
        "name-voters-in-group",
        "group",
        "group-voters-edit",
        "representative",
        lambda stage: (stage.group.slug, stage.organization.uuid),
    ),
    PageType("group-settings", "group", "group-settings", "chair", _group),
    PageType("openings", "group", "group-openings", "chair", _group),
    PageType("milestones", "group", "group-milestones", "chair", _group),
    PageType("action-items", "group", "group-actions", "member", _group),
    PageType(
        "action-item",
        "group",
        "action-item",
        "chair",
        lambda stage: (stage.group.slug, stage.action_item.number),
    ),
    PageType("note-an-action-item", "group", "action-new", "chair", _group),
    PageType("comment-edit", "group", "action-comment-edit", "member", _own_comment),
    PageType("comment-history", "group", "action-comment-history", "member", _own_comment),
    PageType("comment-hide", "group", "action-comment-hide", "chair", _own_comment),
    PageType("topics", "discussion", "topics", "member", _group),
    PageType("topic-start", "discussion", "topic-start", "member", _group),
    PageType(
        "topic",
        "discussion",
        "topic",
        "member",
        lambda stage: (stage.group.slug, stage.topic.number),
    ),
    PageType("post-edit", "discussion", "post-edit", "member", _own_post),
    PageType("post-history", "discussion", "post-history", "member", _own_post),
    PageType("post-hide", "discussion", "post-hide", "chair", _own_post),
    PageType("meetings", "meetings", "meetings", "member", _group),
    PageType(
        "plan",
        "meetings",
        "meeting-plan",
        "chair",
        _group,
    ),
    PageType("enter-a-meeting", "meetings", "meeting-enter", "chair", _group),
    PageType("move-a-meeting", "meetings", "meeting-edit", "chair", _planned),
    PageType("series", "meetings", "meeting-series", "chair", _series),
    PageType("change-a-series", "meetings", "meeting-following", "chair", _occurrence),
    PageType("extra-meeting", "meetings", "meeting-series-extra", "chair", _series),
    PageType("several-days", "meetings", "meeting-series", "chair", _days),
    PageType("change-days", "meetings", "meeting-following", "chair", _day),
    PageType("one-day", "meetings", "meeting", "member", _day),
    PageType("import-a-series", "meetings", "series-import", "chair", _group),
    PageType("choose-to-gather", "meetings", "meeting-gather", "chair", _group),
    PageType("end-a-series", "meetings", "meeting-series-end", "chair", _series),
    PageType("meeting-of-a-series", "meetings", "meeting", "member", _occurrence),
    PageType("fair-times", "meetings", "fair-times", "chair", _group),
    PageType(
        "schedule-fair-times",
        "meetings",
        "rotation-plan",
        "chair",
        _group,
        "?times=2031-03-04T10:00+2031-03-11T22:00&zone=UTC&weeks=1&duration_minutes=60",
    ),
    PageType("polls", "meetings", "polls", "member", _group),
    PageType("find-a-time", "meetings", "poll-new", "chair", _group),
    PageType("poll", "meetings", "poll", "member", _poll),
    PageType("poll-of-a-chair", "meetings", "poll", "chair", _poll),
    PageType("who-can-meet-when", "meetings", "poll-answers", "member", _poll),
    PageType("choose-a-time", "meetings", "poll-decide", "chair", _poll),
    PageType("edit-a-poll", "meetings", "poll-edit", "chair", _poll),
    PageType("cancel-a-poll", "meetings", "poll-cancel", "chair", _poll),
    PageType("cancel-a-meeting", "meetings", "meeting-cancel", "chair", _planned),
    PageType("planned", "meetings", "meeting", "member", _planned),
    PageType("held", "meetings", "meeting", "chair", _meeting),
    PageType("agenda", "meetings", "meeting-agenda", "chair", _planned),
    PageType("agenda-template", "meetings", "agenda-template", "chair", _series),
    PageType(
        "template-item",
        "meetings",
        "template-item",
        "chair",
        lambda stage: (*_series(stage), stage.series.template.order_by("position")[0].uuid),
    ),
    PageType("paste-a-template", "meetings", "template-paste", "chair", _series),
    PageType("paste-an-agenda", "meetings", "agenda-paste", "chair", _planned),
    PageType("files", "meetings", "attachments", "chair", _files),
    PageType(
        "agenda-item",
        "meetings",
        "agenda-item",
        "chair",
        lambda stage: (
            *_planned(stage),
            AgendaItem.objects.filter(meeting=stage.planned).order_by("position")[0].uuid,
        ),
    ),
    PageType(
        "papers-of-an-item",
        "meetings",
        "agenda-item-papers",
        "chair",
        lambda stage: (
            *_planned(stage),
            AgendaItem.objects.filter(meeting=stage.planned).order_by("position")[0].uuid,
        ),
    ),
    PageType("propose-an-item", "meetings", "agenda-proposal-new", "member", _planned),
    PageType("edit-a-proposal", "meetings", "agenda-proposal-edit", "member", _proposal),
    PageType("answer-a-proposal", "meetings", "agenda-proposal-answer", "chair", _proposal),
    PageType("attendance", "meetings", "meeting-attendance", "chair", _meeting),
    PageType("import-attendance", "meetings", "meeting-attendance-import", "chair", _running),
    PageType("in-the-meeting", "meetings", "meeting-live", "member", _running),
    PageType("run-the-meeting", "meetings", "meeting-live", "chair", _running),
    PageType(
        "take-notes-in-the-meeting", "meetings", "meeting-live", "chair", _running, "?write=1"
    ),
    PageType("add-a-speaker", "meetings", "meeting-speaker-add", "chair", _running),
    PageType("mark-someone-present", "meetings", "meeting-mark-present", "chair", _running),
    PageType("guests", "meetings", "meeting-guests", "chair", _running),
    PageType(
        "erase-a-guest",
        "meetings",
        "meeting-guest-anonymise",
        "chair",
        lambda stage: (*_running(stage), stage.running.guests.all()[0].uuid),
    ),
    PageType(
        "answer-a-claim",
        "meetings",
        "meeting-claim-answer",
        "chair",
        lambda stage: (stage.group.slug, stage.claim.meeting.address, stage.claim.uuid),
    ),
    PageType(
        "notes",
        "meetings",
        "notes-edit",
        "member",
        _planned,
    ),
    PageType("recording", "meetings", "meeting-recording", "member", _recorded),
    PageType("recording-to-begin", "meetings", "meeting-recording", "chair", _held),
    PageType("import-notes", "meetings", "notes-import", "chair", _held),
    PageType("action-of-a-meeting", "meetings", "meeting-action", "chair", _held),
    PageType(
        "offer-minutes",
        "meetings",
        "minutes-offer",
        "chair",
        _held,
    ),
    PageType("minutes-to-print", "meetings", "minutes-print", "member", _approved),
    PageType("minutes-of-a-series", "meetings", "meeting-series-minutes", "member", _series),
    PageType("answer-a-correction", "meetings", "correction-answer", "chair", _correction),
    PageType("notes-history", "meetings", "notes-history", "member", _meeting),
    PageType(
        "notes-revision",
        "meetings",
        "notes-revision",
        "member",
        lambda stage: (*_meeting(stage), 1),
    ),
    PageType("decisions", "decisions", "decisions", "member", _group),
    PageType(
        "decision",
        "decisions",
        "decision",
        "chair",
        lambda stage: (stage.group.slug, stage.decision.number),
    ),
    PageType("meetings-of-a-decision", "decisions", "decision-meetings", "chair", _decision),
    PageType(
        "record-decision",
        "decisions",
        "decision-new",
        "chair",
        _group,
    ),
    PageType("decide-anew", "decisions", "decision-supersede", "chair", _decision),
    PageType("take-back", "decisions", "decision-rescind", "chair", _decision),
    PageType("deliverables", "deliverables", "deliverables", "member", _group),
    PageType("begin", "deliverables", "deliverable-new", "chair", _group),
    PageType("details", "deliverables", "deliverable-details", "chair", DRAFT),
    PageType("authors", "deliverables", "deliverable-authors", "chair", DRAFT),
    PageType("offer-for-review", "deliverables", "deliverable-review", "chair", DRAFT),
    PageType("ask-for-changes", "deliverables", "deliverable-changes", "chair", _REVIEW),
    PageType(
        "answer",
        "deliverables",
        "comment-answer",
        "chair",
        lambda stage: (
            stage.group.slug,
            stage.open_comment.revision.deliverable.number,
            stage.open_comment.uuid,
        ),
    ),
    PageType("draft", "deliverables", "deliverable", "chair", DRAFT),
    PageType("in-review", "deliverables", "deliverable", "member", _work(DeliverableState.REVIEW)),
    PageType("meetings-of-a-work", "deliverables", "deliverable-meetings", "chair", DRAFT),
    PageType("text", "deliverables", "deliverable-text", "chair", DRAFT),
    PageType("files", "deliverables", "deliverable-files", "chair", DRAFT),
    PageType(
        "editors",
        "deliverables",
        "deliverable-people",
        "chair",
        DRAFT,
    ),
    PageType(
        "approve",
        "deliverables",
        "deliverable-approve",
        "chair",
        _work(DeliverableState.REVIEW),
    ),
    PageType(
        "publish",
        "deliverables",
        "deliverable-publish",
        "chair",
        _work(DeliverableState.APPROVED),
    ),
    PageType("revision", "deliverables", "revision", "member", lambda stage: (*DRAFT(stage), 1)),
    # --- staff ---
    PageType("admin", "staff", "staff", "admin"),
    PageType("applications", "staff", "staff-applications", "admin"),
    PageType(
        "application",
        "staff",
        "staff-application",
        "admin",
        lambda stage: (stage.application.number,),
    ),
    PageType("organizations", "staff", "staff-organizations", "admin"),
    PageType("membership", "staff", "organization-membership", "admin", _organization),
    PageType("no-new-legal-name", "staff", "organization-legal-name", "admin", _organization),
    PageType("relations", "staff", "organization-relations", "admin", _organization),
    PageType("organization-address", "staff", "organization-address", "admin", _organization),
    PageType("group-address", "staff", "group-address", "admin", lambda stage: (stage.group.slug,)),
    PageType("import", "staff", "staff-import", "admin"),
    PageType("all-groups", "staff", "staff-groups", "admin"),
    PageType("create-group", "staff", "staff-group-new", "admin"),
    PageType(
        "group-of-staff",
        "staff",
        "staff-group",
        "admin",
        lambda stage: (stage.group.uuid,),
    ),
    PageType(
        "seat-a-chair", "staff", "staff-group-chair", "admin", lambda stage: (stage.group.uuid,)
    ),
    PageType(
        "conclude-group",
        "staff",
        "staff-group-conclude",
        "admin",
        lambda stage: (stage.group.uuid,),
    ),
    PageType(
        "break-glass", "staff", "staff-break-glass", "admin", lambda stage: (stage.group.uuid,)
    ),
    PageType("accounts", "staff", "staff-accounts", "admin"),
    PageType(
        "account",
        "staff",
        "staff-account",
        "admin",
        lambda stage: (stage.people["member"].uuid,),
    ),
    PageType(
        "nothing-to-reset",
        "staff",
        "staff-second-factor-reset",
        "admin",
        lambda stage: (stage.people["chair"].uuid,),
    ),
    PageType("staff-agreements", "staff", "staff-agreements", "admin"),
    PageType("agreement", "staff", "staff-agreement", "admin", lambda stage: ("membership",)),
    PageType("texts", "staff", "staff-texts", "admin"),
    PageType("text-of-site", "staff", "staff-text", "admin", lambda stage: ("privacy",)),
    PageType("text-changes", "staff", "text-changes", "admin"),
    PageType("failed-files", "staff", "staff-files", "admin"),
    PageType("pdf-files", "staff", "staff-pdf-files", "admin"),
    PageType("mail", "staff", "staff-mail", "admin"),
    PageType("staff-record", "staff", "staff-record", "admin"),
    PageType("outside-entry", "staff", "outside-entry-new", "admin"),
    # --- on the way in ---
    PageType("applications", "joining", "applications", "stranger"),
    PageType(
        "application",
        "joining",
        "application",
        "stranger",
        _application,
    ),
    PageType(
        "application-step",
        "joining",
        "application-step",
        "stranger",
        lambda stage: (*_unsent(stage), "organization"),
    ),
    PageType(
        "application-send",
        "joining",
        "application-send",
        "stranger",
        _unsent,
    ),
    # --- what pages say while they are empty ---
    PageType("my-work-of-a-newcomer", "empty", "my-work", "stranger"),
    PageType("action-items-of-a-newcomer", "empty", "own-action-items", "stranger"),
    PageType("inbox-of-a-newcomer", "empty", "inbox", "stranger"),
    PageType("unread-of-a-newcomer", "empty", "inbox", "stranger", query="?show=unread"),
    PageType("calendar-of-a-newcomer", "empty", "calendar", "stranger"),
    PageType("nothing-found", "empty", "search", "member", query="?q=zzyzx"),
    PageType("nobody-found", "empty", "directory", "member", query="?q=zzyzx"),
    PageType("no-member-found", "empty", "members", query="?q=zzyzx"),
    PageType("no-work-found", "empty", "catalogue", query="?q=zzyzx"),
    PageType("no-group-found", "empty", "groups", "member", query="?q=zzyzx"),
    PageType("no-account-found", "empty", "staff-accounts", "admin", query="?q=zzyzx"),
    PageType("no-organization-found", "empty", "staff-organizations", "admin", query="?q=zzyzx"),
    PageType("no-application-found", "empty", "staff-applications", "admin", query="?q=zzyzx"),
    PageType("no-mail-failed", "empty", "staff-mail", "admin", query="?state=failed"),
    PageType("agreements-of-a-newcomer", "empty", "own-agreements", "stranger"),
    PageType("acts-of-a-newcomer", "empty", "own-acts", "stranger"),
    PageType("group-that-begins", "empty", "group", "member", _quiet),
    PageType("no-topics", "empty", "topics", "member", _quiet),
    PageType("no-meetings", "empty", "meetings", "member", _quiet),
    PageType("no-decisions", "empty", "decisions", "member", _quiet),
    PageType("no-deliverables", "empty", "deliverables", "member", _quiet),
    PageType("no-action-items", "empty", "group-actions", "member", _quiet),
    PageType(
        "no-such-action-items", "empty", "group-actions", "member", _quiet, "?due=late&owner=me"
    ),
]

# Addresses that answer no person with a page of their own, each with its reason.
NO_PAGES = {
    "draft-token": "for scripts",
    "healthz": "for machines",
    "readyz": "for machines",
    "robots": "for machines",
    "security": "for machines",
    "sitemap": "for machines",
    "feed": "for machines",
    "calendar-feed": "for machines",
    "calendar-group-feed": "for machines",
    "meeting-ics": "a file",
    "meeting-live-state": "parts of a page, for its script",
    "meeting-series-ics": "a file",
    "meeting-series-minutes-pdf": "a file",
    "minutes-pdf": "a file",
    "notes-markdown": "a file",
    "minutes-sealed": "a file",
    "members-csv": "a file",
    "group-actions-csv": "a file",
    "own-action-items-csv": "a file",
    "settings_export": "a file",
    "mfa_download_recovery_codes": "a file",
    "revision-file": "a file",
    "publication-file": "a file",
    "revision-figure": "a picture",
    "publication-figure": "a picture",
    "attachment-file": "a file",
    "attachment-figure": "a picture",
    "publication-source": "a file",
    "publication-manifest": "a file",
    "publication-cite": "a file",
    "staff-record-export": "a file",
    "mailbox": "exists in development only",
    "mailbox_letter": "exists in development only",
    "development_sign_in": "exists in development only",
    "components": "exists in development only; tests/web looks at it",
}
