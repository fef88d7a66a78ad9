"""What nobody sees makes no other name, and hides nothing in one."""

import unicodedata
from collections.abc import Callable
from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import CharField

from catalogue import actions as catalogue
from common.api.serializers import StrictSerializer
from common.errors import Invalid
from common.names import look_alike
from common.unseen import FILLERS, REORDERING, fault_of, refuse_unseen
from members.organizations import csv_files
from members.organizations.actions import profile
from members.organizations.models import Organization
from members.people import actions as people
from members.people.models import Person
from tests import factories
from tests.organizations.test_pages import profile_values
from workinggroups.decisions import actions as decisions
from workinggroups.deliverables import actions as deliverables
from workinggroups.discussion import actions as discussion
from workinggroups.groups import actions as groups
from workinggroups.groups.models import Group
from workinggroups.meetings import actions as meetings

ClientOf = Callable[..., Client]
BACKWARDS = "\u202eytisrevinU roomredlA"
# Names that are shown as Aldermoor University, or nearly so.
SHOWN_ALIKE = [
    *(f"Aldermoor{filler}University" for filler in sorted(FILLERS)),
    *(
        f"Aldermoor University{filler}"
        for filler in "\u115f\u1160\u3164\uffa0\u200b\u2800\U000e0100"
    ),
    "\u3164Aldermoor\u2800University",
]


@pytest.mark.parametrize("name", SHOWN_ALIKE, ids=ascii)
def test_a_name_with_what_nobody_sees_looks_like_the_one_without(name: str) -> None:
    assert look_alike(name, "Aldermoor University")


@pytest.mark.parametrize("name", ["김철수", "ព្រះ", "ᠮᠣᠩᠭᠣᠯ", "葛飾", "नेहा\u200dक्ष"])
def test_fillers_are_told_from_the_letters_beside_them(name: str) -> None:
    assert look_alike(name, name)
    assert not look_alike(name, name[0])
    assert not fault_of(name)


@pytest.mark.parametrize("mark", sorted(REORDERING), ids=ascii)
def test_marks_that_move_what_follows_are_refused(mark: str) -> None:
    assert fault_of(f"Agents {mark}and tools")
    with pytest.raises(Invalid) as refused:
        refuse_unseen(name="Agents", title=f"{mark}sloot")
    assert refused.value.field == "title"


@pytest.mark.parametrize(
    "name", ["\u3164", "\u200b\u2060", "\u2800 \u2800", "\u115f\u1160", "\u00ad"]
)
def test_a_name_of_which_nothing_is_seen_is_refused(name: str) -> None:
    assert "This has only invisible characters" in fault_of(name)


@pytest.mark.parametrize(
    "name",
    ["", "Ada", "עדה\u200f", "علي\u061c", "می\u200cخواهم", "क्\u200dष", "❤\ufe0f", "👩\u200d🔬"],
)
def test_what_belongs_to_a_writing_is_taken(name: str) -> None:
    assert not fault_of(name)


def test_every_letter_that_is_drawn_as_nothing_is_a_filler() -> None:
    rendered = [chr(code) for code in range(0x30000) if "FILLER" in unicodedata.name(chr(code), "")]

    assert {char for char in rendered if unicodedata.category(char) == "Lo"} <= FILLERS


# --- where names and titles come in --------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "legal_name", "other_names", "sector"])
def test_a_profile_refuses_them(
    client_of: ClientOf, organization: Organization, representative: Person, field: str
) -> None:
    path = reverse("organization-edit", args=[organization.slug])

    answer = client_of(representative).post(
        path, profile_values(organization, **{field: BACKWARDS})
    )

    assert answer.status_code == 422
    assert "Remove the invisible text direction characters." in answer.content.decode()


@pytest.mark.parametrize("name", [SHOWN_ALIKE[0], *SHOWN_ALIKE[-9:]], ids=ascii)
def test_no_name_takes_a_members_a_groups_or_that_of_staff_by_fillers(
    organization: Organization, representative: Person, staff: Person, group: Group, name: str
) -> None:
    factories.organization("Aldermoor University")
    Group.objects.filter(pk=group.pk).update(name="Aldermoor University")
    Person.objects.filter(pk=staff.pk).update(name="Aldermoor University")
    for field in ("name", "legal_name"):
        with pytest.raises(Invalid, match="the name of another member"):
            profile.edit_profile(
                actor=representative,
                organization=organization,
                version=organization.version,
                other_names=[],
                **{field: name},
            )
    with pytest.raises(Invalid, match="member of staff"):
        people.rename(actor=representative, person=representative, name=name)
    with pytest.raises(Invalid, match="another group"):
        groups.create_group(
            actor=staff,
            name=name,
            kind="working",
            purpose="One.",
            focus_area=group.focus_area,
            listing=group.listing,
            admission=group.admission,
            content=group.content,
            chair=representative,
            chair_organization=organization,
            charter="Text.",
        )


def test_an_import_says_both(db: None) -> None:
    factories.organization("Aldermoor University")
    rows = ["name,kind", f"{BACKWARDS},academic", "Aldermoor\u3164University,academic"]

    reading = csv_files.read("\n".join(rows))

    assert (reading.faults[0].line, reading.faults[0].column) == (2, "name")
    assert [warning.line for warning in reading.warnings] == [3]


def test_no_action_takes_a_title_that_reads_as_another(
    chair: Person, staff: Person, group: Group
) -> None:
    day = date(2026, 3, 2)
    acts: list[Callable[[], object]] = [
        lambda: people.create_person(actor=None, email="a@x.example", name=BACKWARDS),
        lambda: people.rename(actor=chair, person=chair, name=BACKWARDS),
        lambda: profile.create(by=staff, name=BACKWARDS, legal_name="", kind="academic"),
        lambda: discussion.start_topic(actor=chair, group=group, title=BACKWARDS, source="x"),
        lambda: groups.add_milestone(actor=chair, group=group, title=BACKWARDS, due_on=day),
        lambda: decisions.record_decision(
            actor=chair, group=group, title=BACKWARDS, method="consensus"
        ),
        lambda: deliverables.create_deliverable(
            actor=chair, group=group, title=BACKWARDS, kind="report", summary="x", licence=""
        ),
        lambda: meetings.plan_meeting(
            actor=chair,
            group=group,
            title=BACKWARDS,
            local_date=day,
            local_time=time(9),
            zone="UTC",
            duration_minutes=60,
        ),
        lambda: catalogue.add_entry(
            actor=staff,
            title=BACKWARDS,
            summary="x",
            url="https://a.example/",
            kind="report",
            focus_area=group.focus_area,
            publisher="P",
            published_on=day,
        ),
    ]
    for act in acts:
        with pytest.raises(Invalid, match="text direction"):
            act()


def test_an_action_item_from_the_notes_loses_them(chair: Person, group: Group) -> None:
    item = groups.create_action_item(actor=chair, group=group, text=f"Write {BACKWARDS}")

    assert item.text == "Write ytisrevinU roomredlA"


def test_the_api_refuses_them_in_every_field_of_one_line() -> None:
    class Titled(StrictSerializer):
        title = CharField(max_length=300)

    with pytest.raises(ValidationError, match="text direction"):
        Titled(data={"title": BACKWARDS}).is_valid(raise_exception=True)
