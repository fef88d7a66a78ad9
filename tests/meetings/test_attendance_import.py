"""Attendance imported from the list of a video call: preview, choice, and what is recorded."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, queries
from workinggroups.meetings.attendance_lists import Participant
from workinggroups.meetings.choices import GUESTS_MAX
from workinggroups.meetings.models import Guest, Meeting
from workinggroups.meetings.queries.attendance_import import Attendee, Attendees

pytestmark = pytest.mark.django_db

HEADING = "Name,Email,Duration\n"


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.past_meeting(group)


@pytest.fixture
def browser(client_of: Callable[..., Client], chair: Person) -> Client:
    return client_of(chair)


def address(meeting: Meeting) -> str:
    return reverse("meeting-attendance-import", args=[meeting.group.slug, meeting.address])


def upload(client: Client, meeting: Meeting, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(address(meeting), {"file": SimpleUploadedFile("list.csv", data)})


def fields_of(response: Any) -> dict[str, str]:
    """What a browser sends of the preview."""
    form = response.context["form"]
    return {name: str(form[name].value()) for name in form.fields}


def proposed(response: Any) -> list[tuple[str, str, str]]:
    return [
        (str(each.listed_as), each.who, str(each.why))
        for each in response.context["form"].proposals
    ]


def recorded(meeting: Meeting) -> dict[str, str]:
    return {row.person.name: f"{row.state} {row.how}".strip() for row in meeting.attendance.all()}


def proposals_for(meeting: Meeting, person: Person, *people: Participant) -> list[tuple[str, str]]:
    attendees = queries.attendees_of(meeting)
    rows = queries.match_participants(meeting, viewer_for(person.pk), people, attendees)
    return [(str(row.listed_as), row.who) for row in rows]


def test_a_preview_records_nothing_and_the_second_post_does(
    browser: Client, meeting: Meeting, chair: Person, member: Person, observer: Person
) -> None:
    preview = upload(
        browser,
        meeting,
        f"{HEADING}Someone's laptop,{member.email.upper()},62\nObserver; Ola,,20\n"
        f"{chair.name},other@private.example,62\nGwen Guest (Guild),gwen@guild.example,5\n"
        "Otter.ai Notetaker,,62\n".replace("Observer; Ola", '"Observer, Ola"'),
    )

    assert preview.status_code == 200
    assert proposed(preview) == [
        ("person", member.name, "By the address"),
        ("person", observer.name, "By the name"),
        ("person", chair.name, "By the name"),
        ("guest", "Gwen Guest (Guild)", ""),
        ("nobody", "Otter.ai Notetaker", "A program that records or takes notes"),
    ]
    assert not meeting.attendance.exists()

    response = browser.post(address(meeting), fields_of(preview))

    assert response.status_code == 302
    assert recorded(meeting) == {
        person.name: "present imported" for person in (chair, member, observer)
    }
    guest = meeting.guests.get()
    assert (guest.name, guest.affiliation, guest.added_by) == ("Gwen Guest", "Guild", chair)
    meeting.refresh_from_db()
    assert meeting.state == "held"
    written = Record.objects.get(object_uuid=meeting.uuid)
    assert written.verb == "attendance_recorded"
    assert '"imported":3' in written.facts
    assert str(guest.uuid) in written.facts


def test_each_line_can_be_changed(
    browser: Client, meeting: Meeting, member: Person, chair: Person
) -> None:
    preview = upload(browser, meeting, f"{HEADING}MM,,5\nMira Member,,5\nBot Notetaker,,5\nX,,5\n")
    data = fields_of(preview)

    browser.post(
        address(meeting),
        {
            **data,
            "as-0": "person", "who-0": "mira",
            "as-1": "guest", "who-1": "Another Mira (Elsewhere)",
            "as-2": "guest", "who-2": "Bo T. Noteker",
            "as-3": "nobody", "who-3": "",
        },
    )  # fmt: skip

    assert recorded(meeting) == {member.name: "present imported"}
    assert [(guest.name, guest.affiliation) for guest in meeting.guests.all()] == [
        ("Another Mira", "Elsewhere"),
        ("Bo T. Noteker", ""),
    ]


def test_a_wrong_line_keeps_what_was_typed(
    browser: Client, meeting: Meeting, member: Person
) -> None:
    data = fields_of(upload(browser, meeting, f"{HEADING}A,,5\nB,,5\nC,,5\nD,,5\n"))

    response = browser.post(
        address(meeting),
        {
            **data,
            "as-0": "person", "who-0": "Nobody Known",
            "as-1": "guest", "who-1": "  ",
            "as-2": "guest", "who-2": "\u202eytisrevinU",
            "as-3": "whatever", "who-3": "x" * 400,
        },
    )  # fmt: skip

    assert response.status_code == 422
    assert "Nobody in the group is called “Nobody Known”" in response.text
    assert 'value="Nobody Known"' in response.text
    assert sorted(response.context["form"].errors) == ["as-3", "who-0", "who-1", "who-2", "who-3"]
    assert not meeting.attendance.exists()
    assert not meeting.guests.exists()


def test_leaving_everybody_out_is_no_import(browser: Client, meeting: Meeting) -> None:
    data = fields_of(upload(browser, meeting, f"{HEADING}A,,5\n"))

    response = browser.post(address(meeting), {**data, "as-0": "nobody"})

    assert response.status_code == 422
    assert "Choose at least one person or guest." in response.text


def test_importing_twice_adds_nobody_twice(
    browser: Client, meeting: Meeting, member: Person
) -> None:
    text = f"{HEADING}Mira Member,,5\nGwen Guest (Guild),,5\n"
    data = fields_of(upload(browser, meeting, text))
    browser.post(address(meeting), data)

    browser.post(address(meeting), data)
    again = upload(browser, meeting, text)

    assert [row[0] for row in proposed(again)] == ["person", "nobody"]
    assert "Recorded as present already" in again.text
    assert meeting.guests.count() == meeting.attendance.count() == 1
    assert Record.objects.filter(object_uuid=meeting.uuid).count() == 1


def test_who_checked_in_and_who_was_absent(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    actions.check_in(actor=member, meeting=meeting)
    factories.attendance(meeting, observer, "absent")
    factories.attendance(meeting, chair, "coming")

    actions.import_attendance(
        actor=chair, meeting=meeting, present=[member.pk, observer.pk], guests=[]
    )

    assert recorded(meeting) == {
        member.name: "present self",
        observer.name: "present imported",
        chair.name: "coming",
    }


def test_nobody_without_a_seat_becomes_present(
    chair: Person, outsider: Person, meeting: Meeting
) -> None:
    imported = actions.import_attendance(
        actor=chair, meeting=meeting, present=[outsider.pk], guests=[]
    )

    assert imported == (0, 0)
    assert not meeting.attendance.exists()
    assert not Record.objects.filter(object_uuid=meeting.uuid).exists()


def test_an_account_outside_the_group_looks_like_none(
    meeting: Meeting, chair: Person, outsider: Person
) -> None:
    known = Participant(outsider.name, address=outsider.email)
    unknown = Participant("Una Unknown", address="una@nowhere.example")

    assert proposals_for(meeting, chair, known, unknown) == [
        ("guest", outsider.name),
        ("guest", "Una Unknown"),
    ]
    hidden = Participant("O.", address=outsider.email)
    assert proposals_for(meeting, chair, hidden) == [("guest", "O.")]


def test_representatives_know_the_people_of_their_organization(
    meeting: Meeting, chair: Person, organization: Organization
) -> None:
    colleague = factories.member_of(organization, "Kim Colleague")
    line = Participant("K.", address=colleague.email)
    assert proposals_for(meeting, chair, line) == [("guest", "K.")]

    factories.represent(chair, organization)

    guest = f"Kim Colleague ({organization.name})"
    assert proposals_for(meeting, chair, line) == [("guest", guest)]


def test_an_address_that_was_not_confirmed_is_nobodys(
    meeting: Meeting, chair: Person, member: Person
) -> None:
    EmailAddress.objects.create(user=member, email="new@x.example", verified=False)

    line = Participant("M.", address="new@x.example")

    assert proposals_for(meeting, chair, line) == [("guest", "M.")]


def test_a_name_that_two_people_have_matches_nobody(
    meeting: Meeting, chair: Person, member: Person, group: Group, organization: Organization
) -> None:
    namesake = factories.member_of(organization, member.name)
    factories.seat(group, namesake)

    assert proposals_for(
        meeting, chair, Participant(member.name), Participant("x", address=namesake.email)
    ) == [
        ("guest", member.name),
        ("person", f"{member.name} ({organization.name}) 2"),
    ]


def test_a_person_is_proposed_once_first_by_the_address(
    meeting: Meeting, chair: Person, member: Person
) -> None:
    assert proposals_for(
        meeting,
        chair,
        Participant(member.name, address="other@x.example"),
        Participant("Phone", "Mira Member", address="third@x.example"),
        Participant("Laptop", address=member.email),
        Participant("Mira's Notetaker", address=member.email),
    ) == [
        ("nobody", member.name),
        ("nobody", member.name),
        ("person", member.name),
        ("nobody", member.name),
    ]


def test_labels_name_one_person_each() -> None:
    people = [
        Attendee(1, "Ada", "X", is_present=False),
        Attendee(2, "ada", "X", is_present=False),
        Attendee(3, "Ada", "Y", is_present=False),
        Attendee(4, "Ada (X)", "", is_present=False),
        Attendee(5, "", "", is_present=False),
    ]

    attendees = Attendees(people)

    assert len({label.casefold() for label in attendees.options}) == 5
    for person in people[:4]:
        assert attendees.called(attendees.labels[person.pk]) == [person]
    assert attendees.called("") in ([], [people[4]])


@pytest.mark.parametrize("who", ["member", "observer"])
def test_others_import_nothing(
    who: str, meeting: Meeting, client_of: Callable[..., Client], request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.import_attendance(actor=person, meeting=meeting, present=[person.pk], guests=[])
    assert client_of(person).get(address(meeting)).status_code == 403


def test_the_meeting_has_begun_and_its_minutes_are_open(
    chair: Person, group: Group, browser: Client
) -> None:
    coming, approved, cancelled = (
        factories.meeting(group),
        factories.past_meeting(group),
        factories.past_meeting(group, state="cancelled"),
    )
    factories.approve_minutes(approved)

    for meeting in (coming, approved, cancelled):
        with pytest.raises(WrongState):
            actions.import_attendance(
                actor=chair, meeting=meeting, present=[chair.pk], guests=[("A", "")]
            )
        assert browser.get(address(meeting)).status_code == 409
        assert upload(browser, meeting, HEADING).status_code == 409


def test_guests_have_the_limit_of_a_meeting(
    chair: Person, meeting: Meeting, browser: Client
) -> None:
    Guest.objects.bulk_create(
        Guest(meeting=meeting, name=f"Guest {number}", added_by=chair)
        for number in range(GUESTS_MAX)
    )
    with pytest.raises(Invalid, match="at most 200"):
        actions.import_attendance(
            actor=chair, meeting=meeting, present=[chair.pk], guests=[("One more", "")]
        )
    data = fields_of(upload(browser, meeting, f"{HEADING}{chair.name},,5\nOne more,,5\n"))

    response = browser.post(address(meeting), data)

    assert response.status_code == 422
    assert "at most 200 guests" in response.text
    assert not meeting.attendance.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"no list", b"\xff\xd8\xff\xe0" * 400, b"PK\x03\x04", b"x" * 2_000_001],
    ids=["empty", "text", "picture", "archive", "huge"],
)
def test_a_wrong_file_is_refused_in_words(
    browser: Client, meeting: Meeting, content: bytes
) -> None:
    response = upload(browser, meeting, content)

    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_a_list_changed_by_hand_asks_for_the_file_again(browser: Client, meeting: Meeting) -> None:
    for text in ("", "nonsense", HEADING):
        response = browser.post(address(meeting), {"participants": text, "as-0": "guest"})

        assert response.status_code == 422
        assert 'type="file"' in response.text


def test_a_formula_is_shown_as_words(browser: Client, meeting: Meeting) -> None:
    response = upload(browser, meeting, f'{HEADING}"=1+1<script>",,5\n')

    assert proposed(response) == [("guest", "=1+1<script>", "")]
    assert '<script>"' not in response.text
    assert "=1+1&lt;script&gt;" in response.text


def test_a_long_list_fits_into_one_form_and_costs_as_many_queries(
    browser: Client, meeting: Meeting, member: Person, group: Group, organization: Organization
) -> None:
    def queries_of(text: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert upload(browser, meeting, text).status_code == 200
        return len(captured)

    few = f"{HEADING}Mira Member,{member.email},5\nGwen,gwen@x.example,1\n"
    queries_of(few)
    people = Person.objects.bulk_create(
        Person(name=f"Person of row {number}", email=f"row{number}@x.example")
        for number in range(60)
    )
    for person in people[:3]:
        factories.affiliate(person, organization)
        factories.seat(group, person)
    many = few + "".join(
        f"Person of row {number},row{number}@x.example,5\n" for number in range(238)
    )

    assert queries_of(many) == queries_of(few)

    data = fields_of(upload(browser, meeting, many))
    data |= {name: "nobody" for name in data if re.fullmatch(r"as-\d{3}", name)}
    assert browser.post(address(meeting), data).status_code == 302
    assert meeting.attendance.present().count() == 4
