"""Choosing a person out of few or many, and a time zone, with plain forms."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django import forms
from django.http import QueryDict

from members.people.choosing import LISTED_MAX, PeopleField, PersonField, ZoneSelect
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


class OwnersForm(forms.Form):
    others = PeopleField(label="Together with", required=False)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["others"].offer(Person.objects.order_by("sort_name", "pk"))  # type: ignore[attr-defined]


def people_of(*values: str) -> OwnersForm:
    form = OwnersForm(QueryDict(urlencode([("others", value) for value in values])))
    form.is_valid()
    return form


def test_few_people_have_a_box_each_and_chosen_ones_are_ticked(db: None) -> None:
    ana, zoe = factories.person(name="Ana Díaz"), factories.person(name="Zoë Øst")

    html = str(OwnersForm(initial={"others": [zoe.uuid]})["others"])
    folded = str(OwnersForm()["others"])

    assert html.count('type="checkbox"') == 2
    assert f'value="{zoe.uuid}" id="id_others_1" checked' in html
    assert (f'value="{ana.uuid}" id="id_others_0" checked' in html, "<details" in html) == (
        False,
        True,
    )
    assert ("people-choice" in folded, " open" in folded, " open" in html) == (True, False, True)


def test_ticked_people_are_taken_in_order_and_once(db: None) -> None:
    ana, zoe = factories.person(name="Ana Díaz"), factories.person(name="Zoë Øst")

    form = people_of(str(zoe.uuid), str(ana.uuid), str(zoe.uuid))

    assert form.cleaned_data == {"others": [zoe, ana]}
    assert people_of().cleaned_data == {"others": []}


def test_someone_who_is_not_offered_is_refused(db: None) -> None:
    factories.person(name="Ana Díaz")

    assert people_of(str(uuid4())).errors == {
        "others": ["Choose people from the list. Reload the page if it has changed."]
    }


def test_many_people_are_typed_with_commas(many: list[Person]) -> None:
    html = str(OwnersForm(initial={"others": [many[-1].uuid, many[0].uuid]})["others"])

    assert 'value="Zoë Øst, Person 000"' in html
    assert people_of("zoe, ana ruiz; Person 001").cleaned_data == {
        "others": [many[-1], many[-2], many[1]]
    }
    assert people_of(" , ").cleaned_data == {"others": []}


def test_a_typed_name_that_is_not_certain_is_named_and_stays(many: list[Person]) -> None:
    several, nobody = people_of("zoe, ana"), people_of("zoe, Bo")

    assert several.errors == {"others": ["Several people match “ana”. Type more of the name."]}
    assert nobody.errors == {
        "others": ["No one has “Bo” in their name. Try another part of the name."]
    }
    assert 'value="zoe, ana"' in str(several["others"])
