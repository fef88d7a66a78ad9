"""No organization, group or person takes a name that a reader would take for another's."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.organizations import csv_files
from members.organizations.actions import names, profile
from members.organizations.models import LegalNameRequest, Organization
from members.people import actions as people
from members.people.forms import NameField
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.organizations.test_notifications import hears, title_for
from tests.organizations.test_pages import profile_values
from workinggroups.groups.actions import edit_group
from workinggroups.groups.models import Group

ClientOf = Callable[..., Client]
NEW = "Aurora Laboratories Limited"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("name", "Borealis University"),
        ("name", "BOREALIS-University"),
        ("name", "B\u043erealis University"),
        ("name", "Borea1is University"),
        ("other_names", "Borealis\u200b University"),
        ("legal_name", "Borealis University."),
        ("name", "Old Borealis"),
    ],
)
def test_a_representative_cannot_take_a_name_that_looks_like_another_members(
    client_of: ClientOf,
    organization: Organization,
    representative: Person,
    field: str,
    name: str,
) -> None:
    other = factories.organization("Borealis University")
    other.other_names.model(organization=other, name="Old Borealis").save()
    path = reverse("organization-edit", args=[organization.slug])

    answer = client_of(representative).post(
        path, profile_values(organization, summary="Kept words.", **{field: name})
    )
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "the name of another member. Choose another name, or ask staff" in page
    assert "Kept words." in page
    organization.refresh_from_db()
    assert organization.name == "Aurora Labs"
    assert not LegalNameRequest.objects.exists()


def test_of_an_organization_that_is_no_member_no_name_is_told(
    organization: Organization, representative: Person
) -> None:
    factories.organization("Waiting Room", status="awaiting")

    with pytest.raises(Invalid) as refused:
        profile.edit_profile(
            actor=representative,
            organization=organization,
            version=organization.version,
            other_names=[],
            name="Waiting-Room",
        )

    assert "“Waiting Room”" not in refused.value.message
    assert "another organization on record" in refused.value.message


def test_a_name_that_another_member_has_is_not_said_to_look_like_itself(
    organization: Organization, representative: Person
) -> None:
    factories.organization("Borealis University")

    with pytest.raises(Invalid) as refused:
        profile.edit_profile(
            actor=representative,
            organization=organization,
            version=organization.version,
            other_names=[],
            name="borealis university",
        )

    assert "“borealis university” is the name of another member." in refused.value.message


def test_staff_may_and_are_told_of_the_likeness(
    client_of: ClientOf, organization: Organization, staff: Person
) -> None:
    factories.organization("Borealis University")
    path = reverse("organization-edit", args=[organization.slug])

    answer = client_of(staff).post(
        path, profile_values(organization, name="Borealis-University"), follow=True
    )

    assert "looks like, a name of another organization: Borealis University" in (
        answer.content.decode()
    )


def test_a_new_legal_name_waits_for_staff_and_the_rest_is_saved(
    client_of: ClientOf, organization: Organization, representative: Person, staff: Person
) -> None:
    former = organization.legal_name
    path = reverse("organization-edit", args=[organization.slug])
    answer_path = reverse("organization-legal-name", args=[organization.slug])

    saved = client_of(representative).post(
        path, profile_values(organization, legal_name=NEW, summary="New words."), follow=True
    )
    assert "Until then, we show the current one." in saved.content.decode()
    organization.refresh_from_db()
    assert (organization.legal_name, organization.summary) == (former, "New words.")
    asked = Event.objects.get(kind="legal_name_asked")
    assert hears(asked) == {"Sade Staff"}
    # Saving the form again, as it is shown, asks for nothing new.
    assert NEW in client_of(representative).get(path).content.decode()
    client_of(representative).post(path, profile_values(organization, legal_name=NEW))
    assert LegalNameRequest.objects.get().state == "open"

    browser = client_of(staff)
    assert NEW in browser.get(reverse("staff-organizations")).content.decode()
    assert f'href="{answer_path}"' in browser.get(reverse("staff")).content.decode()
    read = {"asked": str(LegalNameRequest.objects.get().uuid)}
    assert read["asked"] in browser.get(answer_path).content.decode()
    refused = browser.post(answer_path, {**read, "answer": "decline", "reason": ""})
    assert refused.status_code == 422
    assert browser.post(answer_path, {"answer": "confirm"}).status_code == 422
    assert browser.post(answer_path, {**read, "answer": "confirm"}).status_code == 302
    assert browser.post(answer_path, {**read, "answer": "confirm"}).status_code == 409

    organization.refresh_from_db()
    assert organization.legal_name == NEW
    assert f'href="{answer_path}"' not in browser.get(reverse("staff")).content.decode()
    assert [known.name for known in organization.other_names.all()] == [former]
    notified = Event.objects.get(kind="legal_name_answered")
    assert hears(notified) == {"Rana Representative"}
    assert title_for(notified, representative) == f"Aurora Labs has a new legal name: {NEW}"
    verbs = Record.objects.filter(object_uuid=organization.uuid, verb__startswith="legal_name")
    assert list(verbs.order_by("at", "pk").values_list("verb", flat=True)) == [
        "legal_name_asked", "legal_name_confirmed"
    ]  # fmt: skip


def test_staff_confirm_the_legal_name_that_they_read(
    client_of: ClientOf, organization: Organization, representative: Person, staff: Person
) -> None:
    former = organization.legal_name
    path = reverse("organization-edit", args=[organization.slug])
    asks = client_of(representative)
    asks.post(path, profile_values(organization, legal_name=NEW))
    read = LegalNameRequest.objects.get(state="open")
    organization.refresh_from_db()
    asks.post(path, profile_values(organization, legal_name="World Bank of Everything"))

    answer = client_of(staff).post(
        reverse("organization-legal-name", args=[organization.slug]),
        {"asked": str(read.uuid), "answer": "confirm"},
    )

    assert answer.status_code == 409
    organization.refresh_from_db()
    assert organization.legal_name == former


def test_a_legal_name_is_declined_with_a_reason_or_withdrawn(
    organization: Organization, representative: Person, staff: Person
) -> None:
    def ask(name: str) -> None:
        organization.refresh_from_db()
        profile.edit_profile(
            actor=representative,
            organization=organization,
            version=organization.version,
            other_names=[],
            legal_name=name,
        )

    former = organization.legal_name
    ask(NEW)
    first = names.open_request(organization)
    assert first is not None
    with pytest.raises(NotAllowed):
        names.confirm_legal_name(actor=representative, request=first)
    with pytest.raises(Invalid):
        names.decline_legal_name(actor=staff, request=first, reason=" ")
    names.decline_legal_name(actor=staff, request=first, reason="Send us the deed.")
    notified = Event.objects.get(kind="legal_name_answered")
    assert "was declined" in title_for(notified, representative)
    ask(NEW)
    second = names.open_request(organization)
    assert second is not None
    ask(former)
    with pytest.raises(WrongState):
        names.confirm_legal_name(actor=staff, request=second)
    organization.refresh_from_db()
    assert organization.legal_name == former


def test_an_import_warns_of_a_name_that_looks_like_ours(organization: Organization) -> None:
    reading = csv_files.read("name,kind\n\u0410uror\u0430 Labs,company\n")

    assert not reading.faults
    assert "Aurora Labs" in reading.warnings[0].message


def test_a_group_is_not_renamed_to_look_like_one_its_chair_knows(
    group: Group, chair: Person
) -> None:
    factories.group("Open Data", preset="listed", chair=factories.person())
    factories.group("Hidden Data", preset="secret", chair=factories.person())

    def rename(name: str) -> Group:
        group.refresh_from_db()
        fields = ("kind", "purpose", "focus_area", "listing", "admission", "content", "version")
        return edit_group(
            actor=chair,
            group=group,
            name=name,
            **{field: getattr(group, field) for field in fields},
        )

    with pytest.raises(Invalid, match="another group's: Open Data"):
        rename("OPEN-DATA")
    assert rename("Hidden Data").name == "Hidden Data"
    assert rename("hidden data").name == "hidden data"


SIGNS_TELL = [("Hải Hà", "Hải Hạ"), ("か研究所", "が研究所"), ("क् समूह", "क समूह")]
LOOKS = [("Aurora Data", "Аurоra Data"), ("Modern", "Rnodern"), ("Zürich AI", "Zurich AI")]


@pytest.mark.parametrize(
    ("there", "new", "is_like"),
    [*((*both, False) for both in SIGNS_TELL), *((*both, True) for both in LOOKS)],
)
def test_group_form_profile_and_import_judge_names_alike(
    client_of: ClientOf,
    staff: Person,
    chair: Person,
    group: Group,
    organization: Organization,
    representative: Person,
    there: str,
    new: str,
    is_like: bool,
) -> None:
    """Signs that carry meaning tell names apart; letters that are drawn alike do not.

    Staff, who may take such a name, are warned by the form as by the trial run of an import.
    """
    in_file = csv_files.read(f"name,kind\n{there},company\n{new},company\n")
    factories.group(there, preset="listed", chair=factories.person())
    factories.organization(there)
    on_record = csv_files.read(f"name,kind\n{new},company\n")
    fields = ("kind", "purpose", "focus_area", "listing", "admission", "content", "version")

    def rename_group() -> None:
        values = {field: getattr(group, field) for field in fields}
        edit_group(actor=chair, group=group, name=new, **values)

    def rename_organization() -> None:
        profile.edit_profile(
            actor=representative,
            organization=organization,
            version=organization.version,
            other_names=[],
            name=new,
        )

    for rename in (rename_group, rename_organization):
        with pytest.raises(Invalid) if is_like else nullcontext():
            rename()
    assert not in_file.faults
    assert not on_record.faults
    organization.refresh_from_db()
    values = profile_values(organization, name=new, summary="Staff save.")
    path = reverse("organization-edit", args=[organization.slug])
    page = client_of(staff).post(path, values, follow=True).content.decode()
    is_told = f"a name of another organization: {there}." in page
    assert is_told >= is_like
    assert (bool(in_file.warnings), bool(on_record.warnings)) == (is_told, is_told)


def test_a_person_takes_no_name_that_looks_like_that_of_staff(
    member: Person, staff: Person
) -> None:
    for name in ("Sade Staff", "SADE  STAFF", "S\u0430de Staff"):
        with pytest.raises(Invalid, match="member of staff"):
            people.rename(actor=member, person=member, name=name)
    assert people.rename(actor=member, person=member, name="Sade M. Staff").name == "Sade M. Staff"
    with pytest.raises(Exception, match="one alphabet"):
        NameField().clean("S\u0430de Staff")
    assert NameField().clean("Иван Smith-Петров 山田") == "Иван Smith-Петров 山田"
