"""The small demo shows every state, tells nobody by mail and gives no secret away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Model
from django.test import Client
from django.utils import timezone

from alliance.portal import installation
from catalogue.models import ExternalWork
from common.mail.choices import OPEN
from common.mail.models import Message
from common.record import registry
from common.record.models import Chain, Record
from common.search.models import SearchEntry
from demo.cast import CAST, PASSWORD
from members.onboarding.choices import ApplicationState, InvitationState
from members.onboarding.duplicates import candidates
from members.onboarding.models import Acceptance, AgreementVersion, Application, Invitation
from members.organizations.choices import Kind, MembershipStatus
from members.organizations.models import Membership, Organization
from members.people.models import Person
from notifications.choices import NotificationState
from notifications.models import Event, Notification
from workinggroups.decisions.choices import DecisionState, Method, Outcome, Unit
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.choices import (
    ActionItemState,
    Admission,
    GroupState,
    Listing,
    MilestoneState,
    RequestState,
)
from workinggroups.groups.models import ActionItem, AdmissionRequest, Group, Milestone
from workinggroups.meetings.choices import AttendanceState, MeetingState, MinutesState
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting, Paper

pytestmark = [
    pytest.mark.usefixtures("loaded"),
    pytest.mark.platform,
    pytest.mark.xdist_group("demo"),
]

SECRET = "Incident response circle"


@pytest.mark.parametrize(
    ("model", "field", "choices"),
    [
        (Organization, "kind", Kind),
        (Membership, "status", MembershipStatus),
        (Application, "state", ApplicationState),
        (Invitation, "state", InvitationState),
        (Group, "listing", Listing),
        (Group, "admission", Admission),
        (AdmissionRequest, "state", [RequestState.OPEN, RequestState.APPROVED, RequestState.DECLINED]),
        (Milestone, "state", MilestoneState),
        (ActionItem, "state", ActionItemState),
        (Meeting, "state", MeetingState),
        (Meeting, "minutes_state", MinutesState),
        (Attendance, "state", AttendanceState),
        (Decision, "method", set(Method) - {Method.BALLOT}),
        (Decision, "state", DecisionState),
        (Decision, "outcome", Outcome),
        (Decision, "unit", Unit),
        (Deliverable, "state", DeliverableState),
        (ReviewComment, "state", CommentState),
        (Group, "state", [GroupState.FORMING, GroupState.ACTIVE, GroupState.CONCLUDED]),
    ],
)  # fmt: skip
def test_shows_every_state(model: type[Model], field: str, choices: Any) -> None:
    shown = set(model._default_manager.order_by().values_list(field, flat=True))

    assert {str(choice) for choice in choices} - shown == set()


def test_is_as_large_as_an_alliance_is() -> None:
    assert Organization.objects.members().count() >= 45
    assert Person.objects.count() >= 90
    assert Organization.objects.values("country").distinct().count() >= 20
    assert {"Pacific/Auckland", "Pacific/Honolulu"} <= set(
        Person.objects.values_list("zone", flat=True)
    )
    scripts = {name[0] for name in Person.objects.values_list("name", flat=True)}
    for letter in "日ΕОحנअ한":
        assert letter in scripts, letter
    assert Meeting.objects.filter(state=MeetingState.HELD).count() >= 40
    assert ExternalWork.objects.count() >= 8


def test_has_what_a_state_does_not_say() -> None:
    late = ActionItem.objects.filter(state="open", due_on__lt=timezone.localdate())
    assert late.exists()
    assert Meeting.objects.filter(moved_from__isnull=False).exists()
    assert Meeting.objects.filter(starts_at__gt=timezone.now(), agenda_posted_at__isnull=False)
    assert Paper.objects.filter(kind="deliverable").exists()
    assert AgendaItem.objects.filter(carried_kind="action_items").exists()
    assert Decision.objects.exclude(dissent="").exists()
    assert Decision.objects.filter(outcome=Outcome.REJECTED, votes_against__gt=0).exclude(
        dissent=""
    )
    assert Decision.objects.filter(votes_for__isnull=False, unit="").exists()
    assert Publication.objects.filter(approval__early_until__isnull=False).exists()
    assert Decision.objects.filter(charter_version__isnull=False).exists()
    assert Publication.objects.filter(is_latest=False).exists()
    assert Publication.objects.filter(withdrawn_at__isnull=False).exists()
    assert Publication.objects.filter(revision__files__isnull=False).exists()
    assert Post.objects.filter(hidden_at__isnull=False).exists()
    assert Post.objects.filter(edits__isnull=False).exists()
    assert Topic.objects.filter(locked_at__isnull=False).exists()
    assert AgreementVersion.objects.filter(in_force_at__isnull=True).exists()
    assert Acceptance.objects.filter(organization__isnull=False, version__number=2).exists()
    waiting = Application.objects.filter(state__in=["received", "screening"])
    assert any(candidates(application) for application in waiting)


def test_lies_in_the_past_and_in_order() -> None:
    now = timezone.now()

    assert not Record.objects.filter(at__gt=now).exists()
    assert Record.objects.filter(at__lt=now - timedelta(days=400)).exists()
    assert Record.objects.filter(at__gt=now - timedelta(days=3)).exists()
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Decision.objects.filter(recorded_at__lt=F("decided_at")).exists()
    assert Chain.objects.count() == Record.objects.count()
    positions = list(Chain.objects.values_list("record_uuid", flat=True))
    moments = dict(Record.objects.values_list("pk", "at"))
    in_chain = [moments[uuid] for uuid in positions]
    assert in_chain == sorted(in_chain)


def test_tells_nobody_by_mail_but_everybody_in_the_inbox() -> None:
    assert not Message.objects.filter(state__in=OPEN).exists()
    assert not Notification.objects.filter(state=NotificationState.WAITING).exists()
    assert not Event.objects.filter(expanded_at__isnull=True).exists()
    for email in (role.email for role in CAST if role.code in {"chair", "member", "admin"}):
        own = Notification.objects.filter(person__email=email, channel="inbox")
        assert own.filter(read_at__isnull=True).exists(), email
        assert own.filter(read_at__isnull=False).exists(), email


@pytest.mark.parametrize("role", [role.code for role in CAST])
def test_each_of_the_cast_signs_in_with_one_click(role: str) -> None:
    client = Client()
    assert PASSWORD in client.get("/dev/sign-in/").content.decode()

    assert client.post("/dev/sign-in/", {"role": role}).status_code == 302
    assert client.get("/my/").status_code == 200


def test_cast_has_the_password_of_the_page() -> None:
    for role in CAST:
        assert Person.objects.get(email=role.email).check_password(PASSWORD)


def test_keeps_the_secret_group_from_whoever_is_not_in_it() -> None:
    secret = Group.objects.get(name=SECRET)
    pages = ["/", "/groups/", "/catalogue/", "/members/", f"/search/?q={SECRET}"]
    visitor, stranger = Client(), Client()
    stranger.post("/dev/sign-in/", {"role": "stranger"})
    for page in pages:
        for client in (visitor, stranger):
            # The search page repeats what was asked for.
            text = client.get(page, follow=True).content.decode().replace(f'value="{SECRET}"', "")
            assert secret.slug not in text, page
    assert stranger.get(secret.get_absolute_url()).status_code == 404


def test_search_finds_what_was_written() -> None:
    kinds = set(SearchEntry.objects.order_by().values_list("kind", flat=True))

    assert {"organization", "group", "meeting", "topic", "decision", "deliverable"} <= kinds


def test_every_page_says_that_it_is_invented() -> None:
    installation.note(is_demo=installation.is_marked())
    member = Client()
    member.post("/dev/sign-in/", {"role": "member"})

    for client, page in ((Client(), "/"), (Client(), "/groups/"), (member, "/my/")):
        assert "Demonstration data" in client.get(page).content.decode(), page


def test_does_nothing_where_it_is_asked_to_fill_what_is_empty() -> None:
    before = Record.objects.count()

    call_command("demo", if_empty=True)

    assert Record.objects.count() == before


def test_refuses_to_replace_a_demo_outside_of_development(settings: Any) -> None:
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="while developing only"):
        call_command("demo")


def test_every_act_of_the_record_has_words_that_can_be_translated() -> None:
    kinds = set(Record.objects.values_list("kind", flat=True))
    verbs = set(Record.objects.values_list("verb", flat=True))

    tracked = registry.tracked_models()
    known_verbs = {verb.value for one in tracked for verbs in one.verbs for verb in verbs}
    assert kinds - {one.kind for one in tracked} == set()
    assert verbs - known_verbs == set()
