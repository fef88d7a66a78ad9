"""Pages that are reached by an act, or that a thing shows in a state few examples are in.

A form sent back, two who wrote at once, what is over, withdrawn or waiting, the steps of signing
in. Each brings its thing into that state by the acts that do so, and looks at the page as a person
would; `Drawn` takes all of it back, so that the world and the demo stay as they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from common.mail.models import Message
from common.mail.registry import renderer
from members.onboarding.actions import addresses
from members.onboarding.models import AgreementVersion
from members.organizations.actions import memberships
from members.people.models import Person
from notifications.mails import stop_token
from tests import factories
from tests.browser import signed_in
from tests.drawn import HOST, NOTE, Drawn
from tests.factories import works
from tests.pages import Stage
from tests.people.mailbox import code_in
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables.models import Publication
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups import actions as groups
from workinggroups.groups.models import Group
from workinggroups.meetings import actions as meetings
from workinggroups.meetings.models import KeptText, Meeting

PASSWORD = "nine herons by the weir"
Values = Mapping[str, Any]


def _browser(stage: Stage, role: str = "", *, recent: bool = True) -> Client:
    return signed_in(stage.people[role], recent=recent, headers=HOST) if role else Client(**_HOST)


_HOST: dict[str, Any] = {"headers": HOST}


def _look(browser: Client, route: str, *args: Any) -> Any:
    response = browser.get(reverse(route, args=args))
    assert response.status_code == 200, (route, response.status_code)
    return response


def _seen(
    role: str, route: str, args: Callable[[Stage], tuple[Any, ...]] = lambda stage: ()
) -> Callable[[Stage], Any]:
    """The page of an address, where making its arguments makes the state."""
    return lambda stage: _look(_browser(stage, role), route, *args(stage))


def _sent_back(
    role: str,
    route: str,
    values: Values,
    args: Callable[[Stage], tuple[Any, ...]] = lambda stage: (),
) -> Callable[[Stage], Any]:
    """A form that was filled in wrongly, as it comes back with what was written."""

    def draw(stage: Stage) -> Any:
        path = reverse(route, args=args(stage))
        response = _browser(stage, role).post(path, values)
        assert response.status_code == 422, (route, response.status_code)
        return response

    return draw


def _in_group(stage: Stage) -> tuple[Any, ...]:
    return (stage.group.slug,)


# --- meetings --------------------------------------------------------------------------------------


def _open_notes(stage: Stage) -> Meeting:
    """A meeting that is over and in whose notes everybody writes."""
    meeting = stage.held
    if not meeting.has_open_notes:
        meetings.reopen_notes(actor=stage.people["chair"], meeting=meeting)
        meeting.refresh_from_db()
    return meeting


def _place(meeting: Meeting) -> tuple[str, int]:
    return meeting.group.slug, meeting.number


def _kept(stage: Stage) -> KeptText:
    """The member's text, which met another that was saved first."""
    meeting = _open_notes(stage)
    path = reverse("notes-edit", args=_place(meeting))
    before = {"source": "We met.\n\n# Results\n\n- None yet.", "base": meeting.notes_count}
    _browser(stage, "chair").post(path, before)
    _browser(stage, "chair").post(
        path, {"source": "We met twice.\n\n# Results\n\n- One.", "base": before["base"] + 1}
    )
    mine = {"source": f"We met.\n\n# Results\n\n{NOTE}", "base": before["base"] + 1}
    response = _browser(stage, "member").post(path, mine)
    assert response.status_code == 302
    return KeptText.objects.get(meeting=meeting, author=stage.people["member"], outcome="open")


def _clash(stage: Stage) -> Any:
    kept = _kept(stage)
    return _look(_browser(stage, "member"), "notes-clash", *_place(kept.meeting), kept.uuid)


def _clash_overtaken(stage: Stage) -> Any:
    """Somebody saved a third text while its author chose between two."""
    kept = _kept(stage)
    path = reverse("notes-clash", args=[*_place(kept.meeting), kept.uuid])
    values = {"choice": "edited", "seen": 0, "source": NOTE}
    response = _browser(stage, "member").post(path, values)
    assert response.status_code == 409
    return response


def _set_aside(stage: Stage) -> KeptText:
    kept = _kept(stage)
    kept.meeting.refresh_from_db()
    seen = kept.meeting.notes_count
    meetings.settle_text(actor=stage.people["member"], kept=kept, choice="theirs", seen=seen)
    return kept


def _uncertain(stage: Stage) -> tuple[str, int]:
    """Lines that name nobody, or a day that is none."""
    meeting = _open_notes(stage)
    source = (
        "# Results\n\naction: somebody writes the plan\n\naction: @Nobody Known asks the hospitals"
        "\n\naction: @Chair asks them again by 2026-02-31"
    )
    meetings.save_notes(
        actor=stage.people["chair"], meeting=meeting, base=meeting.notes_count, source=source
    )
    return _place(meeting)


def _drafted(stage: Stage, days: int = 7) -> Meeting:
    meeting = _open_notes(stage)
    meetings.offer_minutes(actor=stage.people["chair"], meeting=meeting, correction_days=days)
    meeting.refresh_from_db()
    return meeting


def _with_a_correction(stage: Stage) -> Meeting:
    meeting = _drafted(stage)
    meetings.ask_for_correction(actor=stage.people["member"], meeting=meeting, text=NOTE)
    return meeting


def _ready(stage: Stage) -> Meeting:
    """Draft minutes whose time for corrections is over."""
    meeting = _with_a_correction(stage)
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(hours=1))
    meeting.refresh_from_db()
    return meeting


def _approved(stage: Stage) -> Meeting:
    meeting = _ready(stage)
    meetings.approve_minutes(actor=stage.people["chair"], meeting=meeting, seen=meeting.notes_count)
    meeting.refresh_from_db()
    return meeting


def _approved_and_corrected(stage: Stage) -> tuple[str, int]:
    meeting = _approved(stage)
    meetings.note_correction(actor=stage.people["chair"], meeting=meeting, text=NOTE)
    return _place(meeting)


def _cancelled(stage: Stage) -> tuple[str, int]:
    reason = "The speaker is ill. We look for a day in the week after."
    meetings.cancel_meeting(actor=stage.people["chair"], meeting=stage.planned, reason=reason)
    return _place(stage.planned)


def _saved(stage: Stage) -> Any:
    """The meeting's page just after its notes were saved: with the word that they are."""
    meeting = _open_notes(stage)
    values = {"source": NOTE, "base": meeting.notes_count}
    return _browser(stage, "member").post(
        reverse("notes-edit", args=_place(meeting)), values, follow=True
    )


MEETINGS = [
    Drawn("notes-clash", "meetings", _clash, "notes-clash"),
    Drawn("notes-clash-overtaken", "meetings", _clash_overtaken, "notes-clash"),
    Drawn(
        "notes-kept",
        "meetings",
        lambda stage: _kept_page(stage, _set_aside(stage)),
        "notes-kept",
    ),
    Drawn(
        "notes-history-with-kept",
        "meetings",
        _seen("member", "notes-history", lambda stage: _place(_set_aside(stage).meeting)),
    ),
    Drawn("notes-saved", "meetings", _saved),
    Drawn(
        "assign-lines", "meetings", _seen("chair", "meeting-assign", _uncertain), "meeting-assign"
    ),
    Drawn(
        "minutes-draft",
        "meetings",
        _seen("member", "meeting", lambda stage: _place(_with_a_correction(stage))),
    ),
    Drawn(
        "minutes-ask-for-correction",
        "meetings",
        _seen("member", "minutes-correct", lambda stage: _place(_drafted(stage))),
        "minutes-correct",
    ),
    Drawn(
        "minutes-approve",
        "meetings",
        _seen("chair", "minutes-approve", lambda stage: _place(_ready(stage))),
        "minutes-approve",
    ),
    Drawn(
        "minutes-approve-too-early",
        "meetings",
        _seen("chair", "minutes-approve", lambda stage: _place(_with_a_correction(stage))),
    ),
    Drawn("minutes-approved", "meetings", _seen("member", "meeting", _approved_and_corrected)),
    Drawn(
        "minutes-correct",
        "meetings",
        _seen("chair", "minutes-correct", lambda stage: _place(_approved(stage))),
    ),
    Drawn(
        "minutes-unlock",
        "meetings",
        _seen("chair", "minutes-unlock", lambda stage: _place(_approved(stage))),
        "minutes-unlock",
    ),
    Drawn("cancelled", "meetings", _seen("member", "meeting", _cancelled)),
    Drawn(
        "meetings-with-a-cancelled-one",
        "meetings",
        _seen("member", "meetings", lambda stage: _cancelled(stage)[:1]),
    ),
    Drawn(
        "plan-sent-back",
        "meetings",
        _sent_back(
            "chair",
            "meeting-plan",
            {"title": "", "local_date": "2026-02-31", "zone": "Europe/Oslo", "about": NOTE},
            _in_group,
        ),
    ),
]


def _kept_page(stage: Stage, kept: KeptText) -> Any:
    return _look(_browser(stage, "chair"), "notes-kept", *_place(kept.meeting), kept.uuid)


# --- groups ----------------------------------------------------------------------------------------


def _concluded(stage: Stage) -> tuple[str]:
    groups.conclude_group(actor=stage.people["admin"], group=stage.group)
    return (stage.group.slug,)


def _card_only(stage: Stage) -> tuple[str]:
    """A group of which outsiders read a card and nothing more."""
    chair = stage.people["chair"]
    return (factories.group("Incident reports", preset="listed", chair=chair).slug,)


def _charter_drafted(stage: Stage) -> tuple[str]:
    group = _fresh_group(stage)
    groups.draft_charter(actor=stage.people["chair"], group=group, source=f"# Purpose\n\n{NOTE}")
    return (group.slug,)


def _fresh_group(stage: Stage) -> Group:
    return factories.group("Incident reports", preset="open", chair=stage.people["chair"])


def _asked(stage: Stage) -> tuple[Any, ...]:
    group = factories.group("Incident reports", preset="listed", chair=stage.people["chair"])
    asked = factories.admission_request(group, stage.people["member"], note=NOTE)
    return group.slug, asked.uuid


def _opened_by_staff(stage: Stage) -> Group:
    group = factories.group("Incident reports", preset="secret", chair=stage.people["chair"])
    reason = "A complaint names a post in this group."
    groups.break_glass(actor=stage.people["admin"], group=group, reason=reason, minutes=30)
    return group


def _of_status(status: str) -> Callable[[Stage], None]:
    def change(stage: Stage) -> None:
        [membership] = stage.organization.memberships.current()
        memberships.set_status(
            actor=stage.people["admin"],
            membership=membership,
            status=status,
            reason="The fee of two years is open.",
        )

    return change


def _after(
    change: Callable[[Stage], object],
    role: str,
    route: str,
    args: Callable[[Stage], tuple[Any, ...]] = lambda stage: (),
) -> Callable[[Stage], Any]:
    """The page of an address once something has changed."""

    def draw(stage: Stage) -> Any:
        change(stage)
        return _look(_browser(stage, role), route, *args(stage))

    return draw


def _own(stage: Stage) -> tuple[str]:
    return (stage.organization.slug,)


def _posted(stage: Stage) -> tuple[str, int, int]:
    member = stage.people["member"]
    topic = discussion.start_topic(
        actor=member,
        group=stage.group,
        title="The limit",
        source=f"{NOTE}\n\n```\nlimit = 500\n```",
    )
    return stage.group.slug, topic.number, 1


def _changed(stage: Stage) -> tuple[str, int, int]:
    slug, number, _first = _posted(stage)
    post = Post.objects.get(topic__group=stage.group, topic__number=number, number=1)
    discussion.edit_post(
        actor=stage.people["member"],
        post=post,
        version=post.version,
        source=f"{NOTE} Nor a school.",
    )
    return slug, number, 1


def _hidden(stage: Stage) -> tuple[str, int]:
    slug, number, _first = _posted(stage)
    topic = Topic.objects.get(group=stage.group, number=number)
    post = discussion.add_post(actor=stage.people["member"], topic=topic, source="Buy ours.")
    discussion.hide_post(actor=stage.people["chair"], post=post, reason="An advertisement.")
    return slug, number


GROUPS = [
    Drawn("concluded", "group", _seen("member", "group", _concluded)),
    Drawn("concluded-charter", "group", _seen("chair", "group-charter", _concluded)),
    Drawn("concluded-topics", "group", _seen("member", "topics", _concluded)),
    Drawn(
        "concluded-of-staff",
        "group",
        _after(_concluded, "admin", "staff-group", lambda stage: (stage.group.uuid,)),
    ),
    Drawn("card-for-a-stranger", "group", _seen("stranger", "group", _card_only)),
    Drawn("card-for-everybody", "group", _seen("", "group", _card_only)),
    Drawn("card-for-a-member", "group", _seen("member", "group", _card_only)),
    Drawn(
        "charter-drafted",
        "group",
        _seen("chair", "group-charter-draft", _charter_drafted),
        "group-charter-draft",
    ),
    Drawn(
        "charter-none-yet",
        "group",
        _seen("chair", "group-charter", lambda stage: (_fresh_group(stage).slug,)),
    ),
    Drawn(
        "requests",
        "group",
        _seen("chair", "group-people", lambda stage: _asked(stage)[:1]),
    ),
    Drawn(
        "decline-a-request",
        "group",
        _seen("chair", "group-decline-request", _asked),
        "group-decline-request",
    ),
    Drawn(
        "request-waits",
        "group",
        _seen("member", "group-join", lambda stage: _asked(stage)[:1]),
    ),
    Drawn(
        "opened-by-staff",
        "group",
        _seen("admin", "group", lambda stage: (_opened_by_staff(stage).slug,)),
    ),
    Drawn(
        "opened-by-staff-of-staff",
        "group",
        _seen("admin", "staff-group", lambda stage: (_opened_by_staff(stage).uuid,)),
    ),
    Drawn(
        "action-item-sent-back",
        "group",
        _sent_back("chair", "action-new", {"text": "", "due_on": "2026-02-31"}, _in_group),
    ),
    Drawn(
        "post-of-today", "discussion", _seen("member", "post-edit", lambda stage: _posted(stage))
    ),
    Drawn(
        "post-changed", "discussion", _seen("member", "post-history", lambda stage: _changed(stage))
    ),
    Drawn(
        "topic-with-a-hidden-post",
        "discussion",
        _seen("chair", "topic", lambda stage: _hidden(stage)),
    ),
    Drawn(
        "topic-sent-back",
        "discussion",
        _sent_back("member", "topic-start", {"title": "", "level": 1, "source": NOTE}, _in_group),
    ),
    Drawn(
        "create-group-sent-back",
        "staff",
        _sent_back("admin", "staff-group-new", {"name": "", "purpose": NOTE}),
    ),
]

MEMBERS = [
    Drawn(
        "own-organization-in-grace",
        "organization",
        _after(_of_status("grace"), "representative", "organization", _own),
    ),
    Drawn(
        "my-work-in-grace", "organization", _after(_of_status("grace"), "representative", "my-work")
    ),
    Drawn(
        "a-group-in-grace",
        "organization",
        _after(_of_status("grace"), "representative", "group", _in_group),
    ),
    Drawn(
        "own-organization-suspended",
        "organization",
        _after(_of_status("suspended"), "representative", "organization", _own),
    ),
    Drawn(
        "my-work-suspended",
        "organization",
        _after(_of_status("suspended"), "representative", "my-work"),
    ),
    Drawn(
        "membership-ended",
        "organization",
        _after(_of_status("ended"), "admin", "organization-membership", _own),
    ),
    Drawn(
        "end-an-affiliation",
        "organization",
        _seen(
            "representative",
            "organization-end-affiliation",
            lambda stage: (
                stage.organization.slug,
                factories.affiliate(factories.person("Nora Newcomer"), stage.organization).uuid,
            ),
        ),
        "organization-end-affiliation",
    ),
    Drawn(
        "invitation-sent-back",
        "organization",
        _sent_back(
            "representative", "organization-invitations", {"address": "nora@", "name": "Nora"}, _own
        ),
    ),
    Drawn("import-trial", "staff", lambda stage: _imported(stage, _LINES)),
    Drawn("import-faults", "staff", lambda stage: _imported(stage, _FAULTS)),
]

_COLUMNS = "name,legal_name,kind,sector,country,website,domains,member_since\n"
_LINES = f"{_COLUMNS}Nordlys,Nordlys AS,company,data,NO,https://nordlys.example,nordlys.example,2023-12-05\n"
_FAULTS = f"{_COLUMNS},Nordlys AS,shop,data,NOR,nordlys,nordlys.example,yesterday\n"


def _imported(stage: Stage, text: str) -> Any:
    """The trial run of a file of members."""
    upload = SimpleUploadedFile("members.csv", text.encode(), content_type="text/csv")
    response = _browser(stage, "admin").post(reverse("staff-import"), {"file": upload})
    assert b"<table" in response.content
    return response


# --- works -----------------------------------------------------------------------------------------


def _published(stage: Stage) -> Publication:
    chair, data = stage.people["chair"], {"data.csv": b"a,b\n1,2\n"}
    return works.publication(chair, stage.group, title="A common form for results", files=data)


def _withdrawn(stage: Stage) -> tuple[str]:
    published = _published(stage)
    reason = "The figures of table 2 were those of another run."
    deliverables.withdraw(actor=stage.people["chair"], publication=published, reason=reason)
    return (published.identifier,)


def _replaced(stage: Stage) -> tuple[str, str]:
    """The first of two versions."""
    published = _published(stage)
    works.next_version(stage.people["chair"], published.deliverable, "1.1")
    return published.identifier, published.number


def _dropped(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    work = works.deliverable(chair, stage.group, title="A form for incidents")
    deliverables.drop(actor=chair, deliverable=work)
    return stage.group.slug, work.number


def _discussed(stage: Stage) -> tuple[str, int]:
    """In review, with a comment that was answered and one that waits."""
    chair, member = stage.people["chair"], stage.people["member"]
    work = works.in_review(chair, stage.group, title="A form for incidents")
    comment = deliverables.add_comment(actor=member, deliverable=work, source=NOTE)
    deliverables.answer_comment(
        actor=chair, comment=comment, disposition="accepted", answer="We say it in clause 4."
    )
    deliverables.add_comment(actor=member, deliverable=work, source="And clause 5?")
    return stage.group.slug, work.number


def _replaced_decision(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    old = works.decision(chair, stage.group, "Meet on Tuesdays")
    works.decision(chair, stage.group, "Meet on Fridays", replaces=old)
    return stage.group.slug, old.number


def _rescinded(stage: Stage) -> tuple[str, int]:
    chair = stage.people["chair"]
    made = works.decision(chair, stage.group, "Meet on Tuesdays")
    works.decision(chair, stage.group, "Take it back", replaces=made, rescinds=True)
    return stage.group.slug, made.number


def _elsewhere(stage: Stage) -> tuple[Any]:
    url = "https://nordlys.example/handbook"
    return (works.outside_entry(stage.people["admin"], url=url).uuid,)


WORKS = [
    Drawn("publication-withdrawn", "journal", _seen("", "publication", _withdrawn)),
    Drawn("publication-replaced", "journal", _seen("", "publication-version", _replaced)),
    Drawn(
        "published-elsewhere", "journal", _seen("", "outside-entry", _elsewhere), "outside-entry"
    ),
    Drawn(
        "outside-entry-edit",
        "staff",
        _seen("admin", "outside-entry-edit", _elsewhere),
        "outside-entry-edit",
    ),
    Drawn(
        "withdraw-a-publication",
        "deliverables",
        _seen(
            "chair",
            "publication-withdraw",
            lambda stage: (lambda made: (made.identifier, made.number))(_published(stage)),
        ),
        "publication-withdraw",
    ),
    Drawn("dropped", "deliverables", _seen("chair", "deliverable", _dropped)),
    Drawn("discussed", "deliverables", _seen("chair", "deliverable", _discussed)),
    Drawn("decision-replaced", "decisions", _seen("member", "decision", _replaced_decision)),
    Drawn("decision-rescinded", "decisions", _seen("member", "decision", _rescinded)),
    Drawn(
        "decision-sent-back",
        "decisions",
        _sent_back("chair", "decision-new", {"title": "", "source": NOTE}, _in_group),
    ),
]


# --- on the way in ---------------------------------------------------------------------------------


def _proving(address: str) -> Client:
    """A browser from which a code was mailed to this address."""
    browser = Client(**_HOST)
    session = browser.session
    session["address_proof"] = str(addresses.mail_code(address=address).uuid)
    session.save()
    return browser


def _invited(stage: Stage, address: str, **fields: Any) -> str:
    token = "a-token-of-the-pictures"
    factories.invitation(stage.organization, address, stage.people["admin"], token=token, **fields)
    return token


def _invitation_of_somebody_known(stage: Stage) -> Any:
    stranger = stage.people["stranger"]
    EmailAddress.objects.update_or_create(
        user=stranger, email=stranger.email, defaults={"verified": True}
    )
    token = _invited(stage, stranger.email, name="Sam", title="Analyst")
    if not AgreementVersion.objects.due_for_person(stranger.pk):
        factories.agreement("participation")
    return _look(_browser(stage, "stranger"), "invitation", token)


def _sent_application(stage: Stage, **fields: Any) -> tuple[Any]:
    applicant = stage.people["stranger"]
    return (factories.application(applicant, number="A-99999", **fields).uuid,)


JOINING = [
    Drawn(
        "code",
        "joining",
        lambda stage: _look(_proving("nora@nordlys.example"), "join-code"),
        "join-code",
    ),
    Drawn(
        "code-wrong",
        "joining",
        lambda stage: _proving("nora@nordlys.example").post(reverse("join-code"), {"code": "1"}),
    ),
    Drawn(
        "start-sent-back", "joining", _sent_back("", "join-start", {"name": "", "email": "nora@"})
    ),
    Drawn(
        "invitation",
        "joining",
        _seen("", "invitation", lambda stage: (_invited(stage, "nora@nordlys.example"),)),
        "invitation",
    ),
    Drawn("invitation-of-somebody-known", "joining", _invitation_of_somebody_known),
    Drawn(
        "invitation-code",
        "joining",
        lambda stage: _look(
            _proving("nora@nordlys.example"),
            "invitation-code",
            _invited(stage, "nora@nordlys.example"),
        ),
        "invitation-code",
    ),
    Drawn(
        "invitation-over",
        "joining",
        lambda stage: Client(**_HOST).get(
            reverse("invitation", args=[_invited(stage, "nora@nordlys.example", state="revoked")])
        ),
    ),
    Drawn("application-sent", "joining", _seen("stranger", "application", _sent_application)),
    Drawn(
        "application-declined",
        "joining",
        _seen(
            "stranger",
            "application",
            lambda stage: _sent_application(
                stage,
                state="rejected",
                decided_at=factories.ago(hours=1),
                decided_by=stage.people["admin"],
                decision_reason=NOTE,
            ),
        ),
    ),
    Drawn(
        "application-withdraw",
        "joining",
        _seen("stranger", "application-withdraw", _sent_application),
        "application-withdraw",
    ),
    Drawn(
        "application-step-sent-back",
        "joining",
        _sent_back(
            "stranger",
            "application-step",
            {"name": "", "website": "nordlys", "purpose": NOTE},
            lambda stage: (
                stage.people["stranger"].applications.filter(number=None).order_by("pk")[0].uuid,
                "organization",
            ),
        ),
    ),
]


# --- sign-in ---------------------------------------------------------------------------------------


def _with_password(stage: Stage) -> Person:
    member = stage.people["member"]
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return member


def _protected(stage: Stage, *, codes: bool = True) -> Person:
    """The member has an app and recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    member = _with_password(stage)
    TOTP.activate(member, generate_totp_secret())
    if codes:
        RecoveryCodes.activate(member)
    return member


def _half_signed_in(stage: Stage) -> Client:
    member, browser = _protected(stage), Client(**_HOST)
    browser.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    return browser


def _without_password(stage: Stage) -> None:
    member = stage.people["member"]
    member.set_unusable_password()
    member.save(update_fields=["password"])


def _asked_for_code(stage: Stage, route: str) -> Client:
    browser = Client(**_HOST)
    browser.post(reverse(route), {"email": _with_password(stage).email})
    return browser


def _new_password(stage: Stage) -> Any:
    browser = _asked_for_code(stage, "account_reset_password")
    sent = Message.objects.filter(kind="sign_in_code").latest("created_at")
    render = renderer(sent.kind)
    mail = render(sent) if render else None
    assert mail is not None
    code = code_in(mail)
    browser.post(reverse("account_confirm_password_reset_code"), {"code": code})
    return _look(browser, "account_complete_password_reset")


def _signing_up(stage: Stage) -> Any:
    browser = Client(**_HOST)
    values = {"email": "nora@nordlys.example", "name": "Nora", "password1": PASSWORD}
    browser.post(reverse("account_signup"), values)
    return _look(browser, "account_email_verification_sent")


def _must_have_one(stage: Stage) -> Any:
    """A chair in a house that asks chairs for a second factor."""
    with override_settings(MFA_REQUIRED_ROLES=["chair"]):
        return _browser(stage, "chair").get(reverse("my-work"), follow=True)


def _cannot_switch_off(stage: Stage) -> Any:
    _protected(stage)
    with override_settings(MFA_REQUIRED_ROLES=["chair", "staff", "representative"]):
        stage.people["member"].is_staff = True
        stage.people["member"].save(update_fields=["is_staff"])
        return _browser(stage, "member").post(reverse("mfa_deactivate_totp"))


def _second_factor(route: str) -> Callable[[Stage], Any]:
    return _after(_protected, "member", route)


def _confirming(route: str, before: Callable[[Stage], object]) -> Callable[[Stage], Any]:
    """Signed in long ago, and asked who it is."""

    def draw(stage: Stage) -> Any:
        before(stage)
        return _look(_browser(stage, "member", recent=False), route)

    return draw


SIGN_IN = [
    Drawn(
        "sign-in-refused",
        "sign-in",
        lambda stage: Client(**_HOST).post(
            reverse("account_login"), {"login": "nora@nordlys.example", "password": "wrong"}
        ),
    ),
    Drawn(
        "sign-up-sent-back",
        "sign-in",
        lambda stage: Client(**_HOST).post(
            reverse("account_signup"), {"email": "nora@", "name": "Nora", "password1": "short"}
        ),
    ),
    Drawn("confirm-address", "sign-in", _signing_up, "account_email_verification_sent"),
    Drawn(
        "code",
        "sign-in",
        lambda stage: _look(
            _asked_for_code(stage, "account_request_login_code"), "account_confirm_login_code"
        ),
        "account_confirm_login_code",
    ),
    Drawn(
        "reset-code",
        "sign-in",
        lambda stage: _look(
            _asked_for_code(stage, "account_reset_password"), "account_confirm_password_reset_code"
        ),
        "account_confirm_password_reset_code",
    ),
    Drawn("new-password", "sign-in", _new_password, "account_complete_password_reset"),
    Drawn(
        "second-factor",
        "sign-in",
        lambda stage: _look(_half_signed_in(stage), "mfa_authenticate"),
        "mfa_authenticate",
    ),
    Drawn(
        "second-factor-wrong",
        "sign-in",
        lambda stage: _half_signed_in(stage).post(reverse("mfa_authenticate"), {"code": "000000"}),
    ),
    Drawn(
        "confirm-by-password",
        "sign-in",
        _confirming("account_reauthenticate", _with_password),
        "account_reauthenticate",
    ),
    Drawn(
        "confirm-by-second-factor",
        "sign-in",
        _confirming("mfa_reauthenticate", _protected),
        "mfa_reauthenticate",
    ),
    Drawn(
        "confirm-by-code",
        "sign-in",
        _confirming("person_confirm_by_code", _without_password),
        "person_confirm_by_code",
    ),
    Drawn("second-factor-needed", "settings", _must_have_one),
    Drawn("second-factor-set-up", "settings", _second_factor("mfa_index")),
    Drawn(
        "second-factor-without-codes",
        "settings",
        _after(lambda stage: _protected(stage, codes=False), "member", "mfa_index"),
    ),
    Drawn("set-up-an-app", "settings", _seen("member", "mfa_activate_totp"), "mfa_activate_totp"),
    Drawn(
        "set-up-an-app-wrong-code",
        "settings",
        lambda stage: _browser(stage, "member").post(
            reverse("mfa_activate_totp"), {"code": "000000"}
        ),
    ),
    Drawn(
        "switch-the-app-off",
        "settings",
        _second_factor("mfa_deactivate_totp"),
        "mfa_deactivate_totp",
    ),
    Drawn("switch-the-app-off-refused", "settings", _cannot_switch_off),
    Drawn(
        "recovery-codes",
        "settings",
        _second_factor("mfa_view_recovery_codes"),
        "mfa_view_recovery_codes",
    ),
    Drawn(
        "recovery-codes-anew",
        "settings",
        _second_factor("mfa_generate_recovery_codes"),
        "mfa_generate_recovery_codes",
    ),
    Drawn(
        "password-of-somebody-without",
        "settings",
        _after(_without_password, "member", "account_set_password"),
        "account_set_password",
    ),
    Drawn(
        "stop-a-notice",
        "settings",
        _seen("", "notices-stop", lambda stage: (stop_token(stage.people["member"], _KIND),)),
        "notices-stop",
    ),
    Drawn(
        "notice-stopped",
        "settings",
        lambda stage: Client(**_HOST).post(
            reverse("notices-stop", args=[stop_token(stage.people["member"], _KIND)])
        ),
    ),
]
_KIND = "member_joined"

STATES = [*MEETINGS, *GROUPS, *MEMBERS, *WORKS, *JOINING, *SIGN_IN]
