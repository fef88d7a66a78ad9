"""One notification of each type, with a person who is notified of it and may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from alliance.portal.notifications import VirusFound
from common.files.choices import ScanState
from common.files.models import StoredFile
from members.onboarding.notifications import (
    AgreementChanged,
    ApplicationCompleted,
    ApplicationDecided,
    ApplicationReceived,
    ApplicationSent,
    OwnApplicationNotification,
)
from members.organizations.models import LegalNameRequest, Organization
from members.organizations.notifications import (
    ColleagueJoined,
    LegalNameAnswered,
    LegalNameRequested,
    MembershipChanged,
    RepresentativeMissing,
)
from members.people.models import Person
from notifications.types import NotificationType
from tests import factories
from tests.factories import ballots, works
from tests.factories.files import attached
from workinggroups.decisions.actions import close_due_ballots, recall_ballot, recuse, state_result
from workinggroups.decisions.models import Ballot
from workinggroups.decisions.notifications import (
    BallotAnnounced,
    BallotChanged,
    BallotClosed,
    BallotOpened,
    BallotStated,
    DecisionRecorded,
    SteppedOut,
    VoteCastByColleague,
    VoteMissing,
    VoteReceipt,
    VoteWanted,
)
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables.models import ReviewComment
from workinggroups.deliverables.notifications import (
    ChangesRequested,
    CommentAdded,
    CommentAnswered,
    DeliverableApproved,
    PublicationReleased,
    PublicationWithdrawn,
    ReviewOpened,
)
from workinggroups.discussion.actions import follow_topic, start_topic
from workinggroups.discussion.models import Topic
from workinggroups.discussion.notifications import PostAdded, TopicStarted
from workinggroups.groups.models import Group, VoterRequest
from workinggroups.groups.notifications import (
    ActionItemAssigned,
    ActionItemCommented,
    ActionItemDue,
    ActionItemsHandedOver,
    AdmissionDecided,
    AdmissionRequested,
    BreakGlassOpened,
    ChairHandedOver,
    CharterAdopted,
    GroupAccessChanged,
    GroupCreated,
    GroupInvited,
    LevelChanged,
    MemberAdded,
    MemberJoined,
    MemberLeft,
    OfficeEnded,
    OfficeGiven,
    VoterAsked,
    VoterEnded,
    VoterNamed,
)
from workinggroups.meetings.clock_changes import shifts_of
from workinggroups.meetings.models import Correction
from workinggroups.meetings.notifications.agenda import AgendaMissing, AgendaPosted
from workinggroups.meetings.notifications.claims import AttendanceClaimed, ClaimAnswered
from workinggroups.meetings.notifications.clock_changes import ClocksChange
from workinggroups.meetings.notifications.corrections import (
    CorrectionAnswered,
    CorrectionNotification,
    CorrectionRequested,
)
from workinggroups.meetings.notifications.meetings import (
    MeetingCancelled,
    MeetingMoved,
    MeetingNotification,
    MeetingPlanned,
)
from workinggroups.meetings.notifications.minutes import (
    MinutesApproved,
    MinutesOffered,
    MinutesUnlocked,
)
from workinggroups.meetings.notifications.minutes_due import MinutesDue
from workinggroups.meetings.notifications.polls import (
    PollCancelled,
    PollDue,
    PollNotification,
    PollOpened,
    PollOver,
)
from workinggroups.meetings.notifications.proposals import ItemProposed, ProposalAnswered
from workinggroups.meetings.notifications.series import (
    RotationPlanned,
    SeriesChanged,
    SeriesEnded,
    SeriesGathered,
    SeriesNotification,
    SeriesPlanned,
)


@dataclass(frozen=True)
class Cast:
    organization: Organization
    group: Group
    chair: Person
    member: Person
    outsider: Person
    representative: Person
    staff: Person

    @property
    def ids(self) -> dict[str, int]:
        """What a notification about the member in the group names."""
        return {"group": self.group.pk, "person": self.member.pk}


Sample = tuple[NotificationType[Any], Person]


def application(cast: Cast, type_: type[OwnApplicationNotification], **fields: Any) -> Sample:
    if "state" in fields:
        fields |= {"decided_by": cast.staff, "decided_at": factories.ago(hours=1)}
    made = factories.application(cast.outsider, **fields)
    return type_(application=made.pk), cast.outsider


def application_received(cast: Cast) -> Sample:
    made = factories.application(cast.outsider)
    return ApplicationReceived(application=made.pk), cast.staff


def agreement(cast: Cast) -> Sample:
    version = factories.agreement("conduct")
    return AgreementChanged(version=version.pk, kind="conduct"), cast.member


def voter(cast: Cast, type_: type[VoterNamed] | type[VoterEnded]) -> Sample:
    named = factories.voter(cast.group, cast.member, cast.organization)
    return type_(group=cast.group.pk, voter=named.pk), cast.representative


def voter_asked(cast: Cast) -> Sample:
    request = VoterRequest.objects.create(
        group=cast.group, organization=cast.organization, asked_by=cast.chair
    )
    return VoterAsked(group=cast.group.pk, request=request.pk), cast.representative


def legal_name(cast: Cast) -> Sample:
    request = LegalNameRequest.objects.create(
        organization=cast.organization, legal_name="Aurora", asked_by=cast.representative
    )
    answered = LegalNameAnswered(organization=cast.organization.pk, request=request.pk)
    return answered, cast.representative


def admission(cast: Cast, *, is_answered: bool) -> Sample:
    request = factories.admission_request(cast.group, cast.outsider)
    ids = {"group": cast.group.pk, "request": request.pk}
    if is_answered:
        return AdmissionDecided(**ids, person=cast.outsider.pk), cast.outsider
    return AdmissionRequested(**ids), cast.chair


def minutes_due(cast: Cast) -> Sample:
    held = factories.past_meeting(cast.group)
    return MinutesDue(person=cast.chair.pk, meetings=str(held.uuid)), cast.chair


def agenda_missing(cast: Cast) -> Sample:
    empty = factories.meeting(cast.group, starts_at=factories.ahead(hours=30))
    return AgendaMissing(person=cast.chair.pk, meetings=str(empty.uuid)), cast.chair


def proposed(cast: Cast, *, is_answered: bool) -> Sample:
    made = factories.agenda_proposal(factories.meeting(cast.group), cast.member)
    if not is_answered:
        return ItemProposed(group=cast.group.pk, proposal=str(made.uuid)), cast.chair
    made.state, made.reason, made.closed_by = "declined", "No time.", cast.chair
    made.closed_at = factories.ago(hours=1)
    made.save()
    return ProposalAnswered(group=cast.group.pk, proposal=str(made.uuid)), cast.member


def correction(cast: Cast, type_: type[CorrectionNotification], reader: Person) -> Sample:
    held = factories.past_meeting(cast.group)
    answer = {
        "answer": "taken_up",
        "answered_by": cast.chair,
        "answered_at": factories.ago(hours=1),
    }
    asked = Correction.objects.create(
        meeting=held,
        kind="asked",
        author=cast.member,
        text="It was Tuesday.",
        **(answer if type_ is CorrectionAnswered else {}),
    )
    return type_(group=cast.group.pk, correction=asked.pk), reader


def invitation(cast: Cast) -> Sample:
    made = factories.group_invitation(cast.group, cast.outsider.email, cast.chair)
    return GroupInvited(group=cast.group.pk, invitation=made.pk), cast.outsider


def assigned(cast: Cast) -> Sample:
    item = factories.action_item(cast.group, owners=[cast.chair, cast.member])
    payload = ActionItemAssigned(group=cast.group.pk, item=item.pk, person=cast.member.pk)
    return payload, cast.member


def commented(cast: Cast) -> Sample:
    item = factories.action_item(cast.group, owner=cast.member)
    comment = factories.action_item_comment(item, author=cast.chair)
    return ActionItemCommented(group=cast.group.pk, comment=str(comment.uuid)), cast.member


def due(cast: Cast) -> Sample:
    item = factories.action_item(cast.group, owner=cast.member, due_on=timezone.localdate())
    payload = ActionItemDue(group=cast.group.pk, person=cast.member.pk, items=str(item.pk))
    return payload, cast.member


def opening(cast: Cast) -> Sample:
    opened = factories.break_glass(cast.group, cast.staff)
    return BreakGlassOpened(group=cast.group.pk, opening=opened.pk), cast.chair


def series(cast: Cast, type_: type[SeriesNotification]) -> Sample:
    made = factories.meeting_series(cast.group)
    return type_(group=cast.group.pk, series=str(made.uuid)), cast.member


def meeting(cast: Cast, type_: type[MeetingNotification]) -> Sample:
    made = factories.meeting(cast.group)
    return type_(group=cast.group.pk, meeting=str(made.uuid)), cast.member


def clocks(cast: Cast) -> Sample:
    """The next change in New York, for a series in a zone whose clocks never change."""
    Person.objects.filter(pk=cast.member.pk).update(zone="America/New_York")
    made = factories.meeting_series(cast.group, zone="Africa/Lagos", interval=1)
    zone, now = ZoneInfo("America/New_York"), timezone.now()
    shift = shifts_of(made, zone, now, now + timedelta(days=400))[0]
    changes = ClocksChange(
        person=cast.member.pk, changes=shift.changed_on.isoformat(), series=str(made.uuid)
    )
    return changes, cast.member


def poll(cast: Cast, type_: type[PollNotification]) -> Sample:
    made = factories.time_poll(cast.group)
    if type_ is PollCancelled:
        factories.option_answer(made.options.all()[0], cast.member)
    reader = cast.chair if type_ is PollOver else cast.member
    return type_(group=cast.group.pk, poll=str(made.uuid)), reader


def claim(cast: Cast, *, is_answered: bool) -> Sample:
    made = factories.attendance_claim(factories.past_meeting(cast.group), cast.member)
    if not is_answered:
        return AttendanceClaimed(group=cast.group.pk, meeting=str(made.meeting.uuid)), cast.chair
    made.state, made.answered_at, made.answered_by = "confirmed", factories.ago(hours=1), cast.chair
    made.save()
    return ClaimAnswered(group=cast.group.pk, claim=str(made.uuid)), cast.member


def topic(cast: Cast) -> Topic:
    return start_topic(actor=cast.chair, group=cast.group, title="The limit", source="Needed?")


def post(cast: Cast, type_: type[TopicStarted | PostAdded]) -> Sample:
    started = topic(cast)
    follow_topic(actor=cast.member, topic=started, is_muted=False)
    first = started.posts.get()
    ids = {"topic": str(started.uuid), "post": str(first.uuid)}
    return type_(group=cast.group.pk, **ids), cast.member


def decision(cast: Cast) -> Sample:
    made = works.decision(cast.chair, cast.group)
    return DecisionRecorded(group=cast.group.pk, decision=made.pk), cast.member


def open_ballot(cast: Cast) -> Ballot:
    """An open ballot in which the representative and the member can vote for their organization."""
    factories.represent(cast.member, cast.organization, role="alternate")
    return ballots.opened(cast.chair, cast.group)


def ballot(
    cast: Cast, type_: type[BallotAnnounced | BallotOpened | BallotClosed | BallotStated]
) -> Sample:
    opened = open_ballot(cast)
    if type_ in {BallotClosed, BallotStated}:
        ballots.shift(opened, days=7)
        close_due_ballots()
        opened.refresh_from_db()
    if type_ is BallotStated:
        state_result(actor=cast.chair, ballot=opened, statement="Not adopted.")
    reader = cast.chair if type_ in {BallotClosed, BallotOpened} else cast.member
    return type_(group=cast.group.pk, ballot=opened.pk), reader


def ballot_changed(cast: Cast) -> Sample:
    opened = recall_ballot(actor=cast.chair, ballot=open_ballot(cast), reason="A day too early.")
    step = opened.steps.get(event="recalled")
    return BallotChanged(group=cast.group.pk, ballot=opened.pk, step=step.pk), cast.member


def vote_wanted(cast: Cast, type_: type[VoteWanted], **fields: Any) -> Sample:
    opened = open_ballot(cast)
    return type_(group=cast.group.pk, ballot=opened.pk, **fields), cast.member


def vote(cast: Cast, type_: type[VoteReceipt | VoteCastByColleague]) -> Sample:
    made = ballots.vote(cast.representative, open_ballot(cast))
    reader = cast.representative if type_ is VoteReceipt else cast.member
    return type_(group=cast.group.pk, vote=made.pk), reader


def stepped_out(cast: Cast) -> Sample:
    entry = ballots.entry_of(cast.representative, open_ballot(cast))
    recuse(actor=cast.representative, entry=entry, reason="Own product.")
    ids = {"group": cast.group.pk, "entry": entry.pk, "actor": cast.representative.pk}
    return SteppedOut(**ids), cast.member


def review(cast: Cast, type_: type[ReviewOpened | ChangesRequested]) -> Sample:
    work = works.in_review(cast.chair, cast.group)
    return type_(group=cast.group.pk, deliverable=work.pk, revision=1), cast.chair


def approval(cast: Cast) -> Sample:
    work = works.approved(cast.chair, cast.group)
    return DeliverableApproved(group=cast.group.pk, deliverable=work.pk, decision=1), cast.member


def comment(cast: Cast, type_: type[CommentAdded | CommentAnswered], reader: Person) -> Sample:
    work = works.in_review(cast.chair, cast.group)
    deliverables.add_comment(actor=cast.member, deliverable=work, source="Say it once.")
    return type_(group=cast.group.pk, comment=ReviewComment.objects.get().pk), reader


def publication(cast: Cast, type_: type[PublicationReleased | PublicationWithdrawn]) -> Sample:
    made = works.publication(cast.chair, cast.group)
    return type_(group=cast.group.pk, publication=made.pk), cast.member


def infected_file(cast: Cast) -> Sample:
    stored = attached(cast.member, "topic", topic(cast).uuid).stored
    StoredFile.objects.filter(pk=stored.pk).update(scan=ScanState.INFECTED)
    return VirusFound(file=str(stored.pk)), cast.member


SAMPLES: dict[type[NotificationType[Any]], Callable[[Cast], Sample]] = {
    MembershipChanged: lambda cast: (
        MembershipChanged(organization=cast.organization.pk, status="grace"),
        cast.representative,
    ),
    ColleagueJoined: lambda cast: (
        ColleagueJoined(organization=cast.organization.pk, person=cast.member.pk),
        cast.representative,
    ),
    RepresentativeMissing: lambda cast: (
        RepresentativeMissing(organization=cast.organization.pk),
        cast.staff,
    ),
    LegalNameRequested: lambda cast: (
        LegalNameRequested(organization=cast.organization.pk),
        cast.staff,
    ),
    LegalNameAnswered: legal_name,
    ApplicationReceived: application_received,
    ApplicationSent: lambda cast: application(cast, ApplicationSent),
    ApplicationDecided: lambda cast: application(cast, ApplicationDecided, state="rejected"),
    ApplicationCompleted: lambda cast: application(
        cast, ApplicationCompleted, state="approved", organization=cast.organization
    ),
    AgreementChanged: agreement,
    GroupCreated: lambda cast: (GroupCreated(group=cast.group.pk), cast.outsider),
    GroupAccessChanged: lambda cast: (
        GroupAccessChanged(**cast.ids, listing_from="alliance", listing_to="public"),
        cast.chair,
    ),
    AdmissionRequested: lambda cast: admission(cast, is_answered=False),
    AdmissionDecided: lambda cast: admission(cast, is_answered=True),
    MemberJoined: lambda cast: (MemberJoined(**cast.ids), cast.chair),
    MemberAdded: lambda cast: (MemberAdded(**cast.ids), cast.member),
    MemberLeft: lambda cast: (MemberLeft(**cast.ids), cast.chair),
    LevelChanged: lambda cast: (LevelChanged(**cast.ids, level="observer"), cast.member),
    GroupInvited: invitation,
    OfficeGiven: lambda cast: (OfficeGiven(**cast.ids, office="secretary"), cast.chair),
    OfficeEnded: lambda cast: (OfficeEnded(**cast.ids, office="secretary"), cast.member),
    ChairHandedOver: lambda cast: (ChairHandedOver(**cast.ids), cast.chair),
    VoterNamed: lambda cast: voter(cast, VoterNamed),
    VoterEnded: lambda cast: voter(cast, VoterEnded),
    VoterAsked: voter_asked,
    CharterAdopted: lambda cast: (CharterAdopted(group=cast.group.pk, number=1), cast.member),
    ActionItemAssigned: assigned,
    ActionItemCommented: commented,
    ActionItemDue: due,
    ActionItemsHandedOver: lambda cast: (
        ActionItemsHandedOver(
            group=cast.group.pk, person=cast.chair.pk, to=cast.member.pk, count=3
        ),
        cast.member,
    ),
    BreakGlassOpened: opening,
    MeetingPlanned: lambda cast: meeting(cast, MeetingPlanned),
    MeetingMoved: lambda cast: meeting(cast, MeetingMoved),
    MeetingCancelled: lambda cast: meeting(cast, MeetingCancelled),
    AgendaMissing: agenda_missing,
    ItemProposed: lambda cast: proposed(cast, is_answered=False),
    ProposalAnswered: lambda cast: proposed(cast, is_answered=True),
    AgendaPosted: lambda cast: meeting(cast, AgendaPosted),
    MinutesOffered: lambda cast: meeting(cast, MinutesOffered),
    MinutesApproved: lambda cast: meeting(cast, MinutesApproved),
    MinutesUnlocked: lambda cast: meeting(cast, MinutesUnlocked),
    MinutesDue: minutes_due,
    CorrectionRequested: lambda cast: correction(cast, CorrectionRequested, cast.chair),
    CorrectionAnswered: lambda cast: correction(cast, CorrectionAnswered, cast.member),
    RotationPlanned: lambda cast: series(cast, RotationPlanned),
    SeriesPlanned: lambda cast: series(cast, SeriesPlanned),
    SeriesChanged: lambda cast: series(cast, SeriesChanged),
    SeriesEnded: lambda cast: series(cast, SeriesEnded),
    SeriesGathered: lambda cast: series(cast, SeriesGathered),
    PollOpened: lambda cast: poll(cast, PollOpened),
    PollDue: lambda cast: poll(cast, PollDue),
    PollOver: lambda cast: poll(cast, PollOver),
    PollCancelled: lambda cast: poll(cast, PollCancelled),
    AttendanceClaimed: lambda cast: claim(cast, is_answered=False),
    ClaimAnswered: lambda cast: claim(cast, is_answered=True),
    ClocksChange: clocks,
    TopicStarted: lambda cast: post(cast, TopicStarted),
    PostAdded: lambda cast: post(cast, PostAdded),
    DecisionRecorded: decision,
    BallotAnnounced: lambda cast: ballot(cast, BallotAnnounced),
    BallotOpened: lambda cast: ballot(cast, BallotOpened),
    BallotChanged: ballot_changed,
    BallotClosed: lambda cast: ballot(cast, BallotClosed),
    BallotStated: lambda cast: ballot(cast, BallotStated),
    VoteWanted: lambda cast: vote_wanted(cast, VoteWanted),
    VoteMissing: lambda cast: vote_wanted(cast, VoteMissing, days=3),
    VoteReceipt: lambda cast: vote(cast, VoteReceipt),
    VoteCastByColleague: lambda cast: vote(cast, VoteCastByColleague),
    SteppedOut: stepped_out,
    ReviewOpened: lambda cast: review(cast, ReviewOpened),
    ChangesRequested: lambda cast: review(cast, ChangesRequested),
    DeliverableApproved: approval,
    CommentAdded: lambda cast: comment(cast, CommentAdded, cast.chair),
    CommentAnswered: lambda cast: comment(cast, CommentAnswered, cast.member),
    PublicationReleased: lambda cast: publication(cast, PublicationReleased),
    PublicationWithdrawn: lambda cast: publication(cast, PublicationWithdrawn),
    VirusFound: infected_file,
}
