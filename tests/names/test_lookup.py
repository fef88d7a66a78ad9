"""People, organizations and groups are found by their names as people type them."""

import time
from hashlib import md5

import pytest
from django.db import connection
from django.test import Client

from common.names import fill_name_keys, lookup_key, sort_key
from members.onboarding.models import Application
from members.onboarding.queries import queue
from members.organizations import csv_files
from members.organizations.models import Organization, OrganizationName
from members.people.choosing import PersonField
from members.people.models import Person
from tests import factories
from tests.browser import signed_in
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db

PEOPLE = [
    ("Lukasz", "Łukasz Nowak"),
    ("nowak łukasz", "Łukasz Nowak"),
    ("soren", "Søren Ærø"),
    ("Dang", "Đặng Thị Hương"),
    ("Thora", "Þóra"),
    ("Ivan", "Иван Щукин"),
    ("Иван", "Иван Щукин"),
    ("太郎", "山田 太郎"),
    ("山田太郎", "山田 太郎"),
]


@pytest.mark.parametrize(("typed", "name"), PEOPLE)
def test_the_directory_finds_people(
    representative: Person, organization: Organization, typed: str, name: str
) -> None:
    somebody = factories.member_of(organization, name, in_directory=True)
    factories.member_of(organization, "Somebody Else", in_directory=True)

    page = signed_in(representative).get("/directory/", {"q": typed})

    assert somebody.name in page.content.decode()
    assert "Somebody Else" not in page.content.decode()


@pytest.mark.parametrize(("typed", "name"), PEOPLE)
def test_the_choice_of_a_person_finds_them(typed: str, name: str) -> None:
    wanted = factories.person(name=name)
    factories.person(name="Somebody Else")

    assert PersonField(Person.objects.all()).to_python(typed) == wanted


def test_the_choice_of_a_person_prefers_the_very_name() -> None:
    factories.person(name="かな")
    wanted = factories.person(name="がな")
    factories.person(name="がなは")

    assert PersonField(Person.objects.all()).to_python("がな") == wanted


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Wroclaw", "Politechnika Wrocławska"),
        ("athinon", "Πανεπιστήμιο Αθηνών"),
        ("日立", "日立製作所"),
    ],
)
def test_the_list_of_members_finds_organizations(typed: str, name: str) -> None:
    factories.organization(name, slug="one")
    factories.organization("Somebody Else")

    page = Client().get("/members/", {"q": typed}).content.decode()

    assert name in page
    assert "Somebody Else" not in page.partition("by-country")[0]


def test_an_organization_is_found_by_its_legal_and_former_names() -> None:
    wanted = factories.organization("Short", legal_name="Towarzystwo Łódzkie")
    OrganizationName(organization=wanted, name="Dawny Związek").save()

    for typed in ("lodzkie", "zwiazek dawny", "short towarzystwo"):
        assert list(Organization.objects.called(typed)) == [wanted]


@pytest.mark.parametrize("typed", ["評価", "安全性", "安全性評価"])
def test_the_directory_of_groups_finds_groups(typed: str) -> None:
    factories.group("安全性評価", slug="one")

    assert "安全性評価" in Client().get("/groups/", {"q": typed}).content.decode()


def test_the_queue_of_applications_finds_applicants(representative: Person) -> None:
    Application(applicant=representative, name="Łukasiewicz", legal_name="", country="PL").save()

    found = Application.objects.filter(search_name__contains="lukasiewicz")
    assert (found.count(), list(queue(stage="", words="lukasiewicz"))) == (1, [])


def test_keys_follow_the_name_whatever_is_saved() -> None:
    person = factories.person(name="Before")
    person.name = "Łukasz"
    person.save(update_fields=["name"])
    person.refresh_from_db()

    assert (person.sort_name, person.search_name) == (sort_key("Łukasz"), lookup_key("Łukasz"))


def test_keys_of_rows_there_were_before_are_filled_in_batches() -> None:
    made = [factories.person(name=name) for name in ("Łukasz", "Søren", "日立 太郎")]
    Person.objects.update(search_name="", sort_name="")

    fill_name_keys(Person, batch=2)

    for person in made:
        person.refresh_from_db()
        assert person.search_name == lookup_key(person.name)
        assert person.sort_name == sort_key(person.name)


def test_one_name_among_ten_thousand_is_found_by_the_index() -> None:
    template = factories.person(name="Łukasz 00000")
    columns = [field.column for field in Person._meta.concrete_fields if not field.primary_key]
    own = {
        "uuid": "gen_random_uuid()",
        "email": "'p' || number || '@people.example'",
        "search_name": "' ' || md5(number::text) || ' lukaszewski' || mod(number, 97)",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_person ({', '.join(columns)})"
            f" SELECT {', '.join(own.get(column, column) for column in columns)}"
            " FROM people_person, generate_series(1, 10000) AS number WHERE id = %s",
            [template.pk],
        )
        cursor.execute("ANALYZE people_person")
    wanted = Person.objects.called(f"Łukasz {md5(b'5123', usedforsecurity=False).hexdigest()[:12]}")

    plan = wanted.order_by("sort_name", "pk").explain()
    best = min(_seconds(wanted) for _round in range(5))

    assert "person_names" in plan
    assert best <= 0.01


def _seconds(people: object) -> float:
    started = time.perf_counter()
    assert len(list(people.all())) == 1  # type: ignore[attr-defined]
    return time.perf_counter() - started


# --- equality ------------------------------------------------------------------------------------


def test_an_import_takes_names_that_differ_by_a_sign_and_warns_of_them(db: None) -> None:
    factories.organization("Muñoz")
    heading = "name,legal_name,kind,sector,country,website,domains,member_since\n"

    reading = csv_files.read(f"{heading}Munoz,,company,,,,,\n")
    same = csv_files.read(f"{heading}mun\u0303oz,,company,,,,,\n")

    assert (len(reading.rows), reading.faults) == (1, [])
    assert [warning.line for warning in reading.warnings] == [2]
    assert [fault.column for fault in same.faults] == ["name"]


def test_other_names_that_differ_by_a_sign_are_all_kept(staff: Person) -> None:
    from members.organizations.actions import profile

    made = profile.create(
        by=staff, name="Kana", legal_name="Kana", kind="company", other_names=["か", "が", "か "]
    )

    assert {known.name for known in made.other_names.all()} == {"か", "が"}


def test_groups_are_sorted_with_latin_letters_beside_their_plain_form() -> None:
    for name in ("Zulu", "Łódź", "Lima", "Mike"):
        factories.group(name, slug=name.encode().hex())

    assert [group.name for group in Group.objects.all()] == ["Lima", "Łódź", "Mike", "Zulu"]
