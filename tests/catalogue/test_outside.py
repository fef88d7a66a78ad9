"""Works published elsewhere."""

from datetime import date

import pytest

from catalogue.actions import add_entry, edit_entry, retire_entry
from catalogue.models import ExternalWork
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.search.models import SearchEntry
from common.vocabulary.models import FocusArea


def said(**more):
    return {
        "title": "Handbook",
        "summary": "How others test.",
        "url": "https://elsewhere.example/handbook",
        "kind": "G",
        "focus_area": FocusArea.objects.first(),
        "publisher": "Elsewhere Institute",
        "published_on": date(2024, 5, 1),
        "licence": "MIT",
        **more,
    }


def typed(**more):
    return {
        **said(),
        "focus_area": FocusArea.objects.first().slug,
        "published_on": "2024-05-01",
        **more,
    }


def test_staff_lists_a_work_and_everybody_finds_it(staff, client):
    entry = add_entry(actor=staff, **said())

    assert SearchEntry.objects.get(kind="outside_entry").level == 0
    shown = client.get(entry.get_absolute_url()).content.decode()
    assert "Published elsewhere." in shown
    assert 'href="https://elsewhere.example/handbook"' in shown


@pytest.mark.parametrize("who", ["chair", "outsider", "stranger"])
def test_nobody_else_does(who, group, request):
    with pytest.raises(NotAllowed):
        add_entry(actor=request.getfixturevalue(who), **said())


def test_an_address_is_listed_once(staff):
    entry = add_entry(actor=staff, **said())
    with pytest.raises(Invalid) as refusal:
        add_entry(actor=staff, **said(title="Again"))
    assert refusal.value.field == "url"

    retire_entry(actor=staff, entry=entry)

    assert add_entry(actor=staff, **said(title="Again")).title == "Again"


def test_two_who_correct_at_once_do_not_overwrite_each_other(staff):
    entry = add_entry(actor=staff, **said())
    edit_entry(actor=staff, entry=entry, version=1, **said(title="Better"))

    with pytest.raises(Conflict):
        edit_entry(actor=staff, entry=entry, version=1, **said(title="Worse"))

    assert ExternalWork.objects.get().title == "Better"


def test_a_retired_work_is_gone_from_pages_and_search(staff, client):
    entry = add_entry(actor=staff, **said())

    retire_entry(actor=staff, entry=entry)

    assert client.get(entry.get_absolute_url()).status_code == 404
    assert "Handbook" not in client.get("/catalogue/").content.decode()
    assert not SearchEntry.objects.filter(kind="outside_entry").exists()
    with pytest.raises(WrongState):
        retire_entry(actor=staff, entry=entry)


def test_staff_lists_corrects_and_retires_by_page(client_of, staff):
    browser = client_of(staff)
    browser.post("/catalogue/elsewhere/new/", typed())
    entry = ExternalWork.objects.get()

    browser.post(f"/catalogue/elsewhere/{entry.uuid}/edit/", typed(title="Better", version="1"))
    entry.refresh_from_db()
    assert entry.title == "Better"

    browser.post(f"/catalogue/elsewhere/{entry.uuid}/retire/")
    entry.refresh_from_db()
    assert entry.retired_at


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "no address"),
        ("published_on", "2999-01-01"),
        ("kind", "Z"),
        ("focus_area", "nowhere"),
        ("title", ""),
        ("licence", "Whatever"),
    ],
)
def test_bad_input_names_its_field(client_of, staff, field, value):
    response = client_of(staff).post("/catalogue/elsewhere/new/", typed(**{field: value}))

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_the_pages_are_for_staff(client_of, client, chair):
    assert client_of(chair).get("/catalogue/elsewhere/new/").status_code == 403
    assert client.get("/catalogue/elsewhere/new/").status_code == 302
