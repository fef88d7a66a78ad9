"""Choosing a person out of few or many, and a time zone, with plain forms."""

import pytest
from django import forms

from members.people.choosing import LISTED_MAX, PersonField, ZoneSelect
from members.people.models import Person
from members.people.zones import zone_choices
from tests import factories


class OwnerForm(forms.Form):
    owner = PersonField(label="Who", required=False, empty_label="Nobody yet")

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["owner"].queryset = Person.objects.order_by("sort_name", "pk")  # type: ignore[attr-defined]


def chosen(words: str) -> OwnerForm:
    form = OwnerForm({"owner": words})
    form.is_valid()
    return form


@pytest.fixture
def many(db: None) -> list[Person]:
    names = [f"Person {number:03}" for number in range(LISTED_MAX - 1)]
    return [factories.person(name=name) for name in [*names, "Ana Díaz", "Ana Ruiz", "Zoë Øst"]]


def test_few_people_are_a_list(db: None) -> None:
    person = factories.person(name="Ana Díaz")

    html = str(OwnerForm(initial={"owner": person.uuid})["owner"])

    assert f'<option value="{person.uuid}" selected>Ana Díaz</option>' in html
    assert "Nobody yet" in html


def test_many_people_are_a_box_that_says_how(many: list[Person]) -> None:
    html = str(OwnerForm(initial={"owner": many[-1].uuid})["owner"])

    assert "<option" not in html
    assert 'value="Zoë Øst"' in html
    assert "Type part of the name." in html


def test_public_id_is_taken_whether_listed_or_not(many: list[Person]) -> None:
    assert chosen(str(many[0].uuid)).cleaned_data == {"owner": many[0]}


def test_part_of_a_name_is_enough_when_one_person_has_it(many: list[Person]) -> None:
    assert chosen("zoe").cleaned_data == {"owner": many[-1]}


def test_nothing_typed_is_nobody(many: list[Person]) -> None:
    assert chosen("").cleaned_data == {"owner": None}


def test_name_that_several_have_becomes_a_list_of_them(many: list[Person]) -> None:
    form = chosen("ana")

    assert form.errors == {"owner": ["Several people match. Choose one of them."]}
    html = str(form["owner"])
    assert html.count("<option") == 3
    assert f'value="{many[-2].uuid}"' in html


def test_name_that_nobody_has_says_so_and_stays(many: list[Person]) -> None:
    form = chosen("Bo")

    assert form.errors == {
        "owner": ["No one has “Bo” in their name. Try another part of the name."]
    }
    assert 'value="Bo"' in str(form["owner"])


def test_too_short_a_part_asks_for_more(many: list[Person]) -> None:
    assert chosen("person").errors == {
        "owner": ["More than 20 people match “person”. Type more of the name."]
    }


def test_zones_stand_by_area_in_few_bytes() -> None:
    html = ZoneSelect(choices=zone_choices()).render("zone", "Europe/Prague", {"id": "id_zone"})

    assert html.count("<option ") == sum(len(places) for _area, places in zone_choices())
    assert '<option value="Europe/Prague" selected>Prague' in html
    assert html.count(" selected") == 1
    assert len(html.encode()) < 24_000


def test_zone_of_an_older_meeting_that_is_no_choice_today_stays() -> None:
    choices = [("Etc/GMT-3", "Etc/GMT-3"), *zone_choices()]

    html = ZoneSelect(choices=choices).render("zone", "Etc/GMT-3")

    assert "<option selected>Etc/GMT-3<optgroup" in html
