"""Control characters in pasted text are mended; nothing that can be seen is ever lost or changed."""

import sys
import unicodedata

import pytest
from django import forms
from django.forms import BaseForm
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from common.http.form_handling import Form, OneLineInputs
from common.http.pasted_text import REPLACEMENTS, clean_controls, cleaned_json
from members.people.models import Person
from tests.http.urls import NoteSerializer

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

FORM = "application/x-www-form-urlencoded"
PASTED = (
    "Present:\x0bGrace\u2028Ada\x85Joan\x0cNext\u2029page\x07cell \x93so\x94\x00.\u00a0\u00ad\u200d"
)
MENDED_TEXT = "Present:\nGrace\nAda\nJoan\n\nNext\n\npage cell “so”.\u00a0\u00ad\u200d"


class PostForm(Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea)


def test_only_controls_separators_and_noncharacters_are_ever_touched() -> None:
    """Every character there is, asked of Unicode itself and not of our table."""
    touched = {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if clean_controls(f"a{chr(code)}") != f"a{chr(code)}"
    }

    assert {unicodedata.category(char) for char in touched - {"\ufffe", "\uffff"}} == {
        "Cc",
        "Zl",
        "Zp",
    }
    assert touched & set("\t\n\r") == set()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_printable_character_is_lost_or_changed(text: str) -> None:
    kept = [char for char in text if ord(char) not in REPLACEMENTS]
    while kept[:1] == ["\ufeff"]:
        del kept[0]
    mended = iter(clean_controls(text))

    assert all(char in mended for char in kept)
    assert clean_controls(clean_controls(text)) == clean_controls(text)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_mark_of_byte_order_goes_where_a_text_begins(ascii_only: bool) -> None:
    import json

    body = json.dumps({"text": "\ufeff\ufeffa\ufeffb", "more": '"\ufeff'}, ensure_ascii=ascii_only)

    assert clean_controls("\ufeff\ufeffa\ufeffb") == "a\ufeffb"
    assert json.loads(cleaned_json(body)) == {"text": "a\ufeffb", "more": '"\ufeff'}


@pytest.mark.parametrize("multipart", [True, False])
def test_a_posted_file_that_begins_with_a_mark_of_byte_order_loses_it(
    browser: Client, multipart: bool
) -> None:
    from urllib.parse import urlencode

    data = {"text": "\ufeff---"}
    response = (
        browser.post("/echo/", data)
        if multipart
        else browser.generic("POST", "/echo/", urlencode(data).encode(), content_type=FORM)
    )

    assert response.wsgi_request.POST["text"] == "---"


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\x00\ufeff")
@example('\\"\ufeff')
def test_json_is_mended_as_the_text_in_it_is(text: str) -> None:
    import json

    for ascii_only in (True, False):
        body = json.dumps({"text": text, "n": [1.50, None]}, ensure_ascii=ascii_only)
        assert json.loads(cleaned_json(body)) == {"text": clean_controls(text), "n": [1.5, None]}


@pytest.mark.parametrize("multipart", [True, False])
def test_a_paste_from_an_office_program_is_mended(browser: Client, multipart: bool) -> None:
    from urllib.parse import urlencode

    data = {"text": PASTED}
    response = (
        browser.post("/echo/", data)
        if multipart
        else browser.generic("POST", "/echo/", urlencode(data).encode(), content_type=FORM)
    )

    assert response.status_code == 200
    assert response.wsgi_request.POST["text"] == MENDED_TEXT


def test_what_cannot_be_mended_is_named_with_its_place(browser: Client, person: Person) -> None:
    form = browser.generic("POST", "/echo/", b"text=one%0D%0Atw%FFo", content_type=FORM)
    browser.force_login(person)
    body = r'{"title": "one\ntw\ud800o"}'
    json_ = browser.post("/api/v1/notes/", body, content_type="application/json")

    assert form.status_code == json_.status_code == 400
    assert "“text” contains an invalid character in line 2, column 3" in form.content.decode()
    assert "one" in form.content.decode()
    assert "in line 2, column 3" in json_.json()["detail"]


def test_a_line_break_in_a_field_of_one_line_is_a_space() -> None:
    form = PostForm({"title": "Minutes\r\n of\n\nMay", "text": "One\nTwo"})
    note = NoteSerializer(data={"title": "Minutes\nof"})

    assert form.is_valid()
    assert form.cleaned_data == {"title": "Minutes of May", "text": "One\nTwo"}
    assert note.is_valid()
    assert note.validated_data == {"title": "Minutes of"}


def test_every_form_of_ours_reads_its_lines_so() -> None:
    """Else a field of one line could hold a line break that no browser sends."""
    import alliance.urls  # noqa: F401 - all forms are known then

    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    ours = ("alliance.", "catalogue.", "members.", "notifications.", "workinggroups.")
    unread = {
        one.__qualname__
        for one in below(BaseForm)
        if one.__module__.startswith(ours) and not issubclass(one, OneLineInputs)
    }
    assert unread == set()


def test_a_line_takes_as_many_accents_as_writing_has_and_no_tower_of_them(
    browser: Client, person: Person
) -> None:
    browser.force_login(person)
    other = {"zone": "UTC", "locale": "en"}

    tower = browser.post("/settings/", {**other, "name": "Ada" + "\u0301" * 21})
    fine = browser.post("/settings/", {**other, "name": "Ạ̈dą́ नि ๅ้"})

    assert tower.status_code == 422
    assert "A letter has too many accents" in tower.content.decode()
    assert fine.status_code == 302
