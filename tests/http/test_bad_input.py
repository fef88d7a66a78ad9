"""Whatever is sent, the answer is never a 5xx, and names the field that is wrong."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.http.input_text import SECRET
from members.people.models import Person
from tests.people.conftest import PASSWORD

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

FORM = "application/x-www-form-urlencoded"

VALUES = {
    "nul": "a\0b",
    "nul alone": "\0",
    "control": "a\x01b\x7f",
    "one megabyte": "x" * 1_000_000,
    "huge integer": "9" * 5000,
    "negative": "-1",
    "float": "1e309",
    "not a number": "NaN",
    "direction override": "‮gpj.exe",
    "astral": "𝕬" * 200,
    "replacement": "\ufffd",
    "quotes": "'\"><script>alert(1)</script>",
    "format": "%s%n{0}{{x}}",
    "line breaks": "a\r\nBcc: eve@evil.example",
    "empty": "",
    "space": "   ",
    "date": "0000-00-00",
    "date of year 99999": "99999-12-31",
}

FORMS = [
    ("/accounts/login/", ["login", "password", "next"]),
    ("/accounts/login/code/", ["email", "next"]),
    ("/accounts/signup/", ["name", "email", "password1"]),
    ("/accounts/password/reset/", ["email"]),
    ("/settings/", ["name", "zone", "locale", "in_directory"]),
    ("/settings/addresses/", ["email", "action_add"]),
    ("/settings/password/", ["oldpassword", "password1", "password2"]),
    ("/settings/tokens/", ["name", "scopes", "days"]),
    ("/settings/second-factor/app/", ["code"]),
    ("/settings/close/", ["email"]),
    ("/accounts/confirm/password/", ["password", "next"]),
    ("/accounts/confirm/code/", ["code", "send"]),
]


@pytest.mark.parametrize("path", [path for path, _fields in FORMS])
def test_no_field_of_a_form_breaks_the_server(browser: Client, path: str, db: None) -> None:
    from django.core.cache import cache

    from members.people import actions

    person = actions.create_person(
        actor=None,
        email="ada@lumen.example",
        name="Ada",
        password=PASSWORD,
        email_confirmed=True,
    )
    fields = dict(FORMS)[path]
    for name, value in VALUES.items():
        for field in fields:
            cache.clear()
            if not path.startswith(("/accounts/login", "/accounts/signup", "/accounts/password")):
                browser.force_login(person)
            filled = dict.fromkeys(fields, "plain") | {field: value}

            response = browser.post(path, filled)

            assert response.status_code < 500, (path, field, name)
            if SECRET.search(field) and ("\0" in value or "\x01" in value):
                assert response.status_code == 400
                assert f"“{field}”" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=%00", "q"),
        ("a=1&name=%FF%FE", "name"),
        ("lone=%ED%A0%80", "lone"),
        ("%00=1", "\ufffd"),
        ("over=%C0%AF", "over"),
        ("bell=%07", "bell"),
        ("none=%EF%BF%BF", "none"),
    ],
)
def test_query_that_is_no_text_is_refused_by_name(browser: Client, query: str, field: str) -> None:
    response = browser.get(f"/echo/?{query}")

    assert response.status_code == 400
    assert f"“{field}”" in response.content.decode()


def test_path_that_is_no_text_is_refused(browser: Client) -> None:
    for path in ("/echo/%00", "/echo/%01"):
        assert browser.get(path).status_code == 400, path
    for path in ("/%FF/", "/%ED%A0%80/", "/%25FF/"):
        assert browser.get(path).status_code == 404, path
    assert browser.get("/écoute/ページ/").status_code == 404


@pytest.mark.parametrize("body", ["1", "[]", "[1]", "null", '"a"', '{"address": 1}'])
def test_path_that_is_no_text_is_refused_whatever_the_body_is(browser: Client, body: str) -> None:
    answer = browser.post("/api/v1/notes/\x07/", body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"text=%ED%A0%80", b"text=\xff", b"text=%FF", b"text=%C0%AF", b"a=%0B&text=%FF"]
)
def test_form_that_is_no_text_is_refused_by_name(browser: Client, body: bytes) -> None:
    response = browser.generic("POST", "/echo/", body, content_type=FORM)

    assert response.status_code == 400
    assert "“text”" in response.content.decode()


def test_refused_form_gives_the_clean_text_back(browser: Client) -> None:
    response = browser.post("/echo/", {"text": "A long thought.", "code": "1\0"})

    assert response.status_code == 400
    assert "A long thought." in response.content.decode()


def test_line_breaks_and_tabs_are_text(browser: Client, person: Person) -> None:
    assert browser.post("/echo/", {"text": "a\tb\r\nc"}).status_code == 200
    browser.force_login(person)
    body = r'{"title": "a\tb\n\u0009 \\b \\u0001"}'
    created = browser.post("/api/v1/notes/", body, content_type="application/json")
    assert created.status_code == 201


def test_multipart_is_checked_too(browser: Client) -> None:
    upload = SimpleUploadedFile("plan.txt", b"bytes may be anything \0 here")

    assert browser.post("/echo/", {"file": upload, "text": "fine"}).status_code == 200
    response = browser.post("/echo/", {"file": upload, "te\0xt": "ab"})
    assert response.status_code == 400
    assert "“te\ufffdxt”" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (r'{"list": [{"name": "\ud800"}]}', "list.0.name"),
        (r'{"title": "\uDFFF"}', "title"),
        (b'{"title": "\xff"}', "body"),
    ],
)
def test_json_that_is_no_text_is_refused_by_name(
    browser: Client, person: Person, body: str | bytes, field: str
) -> None:
    browser.force_login(person)

    response = browser.post("/api/v1/notes/", body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_astral_characters_in_json_are_text(browser: Client, person: Person) -> None:
    browser.force_login(person)

    response = browser.post(
        "/api/v1/notes/", r'{"title": "\ud835\udd6c"}', content_type="application/json"
    )

    assert response.status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{",
        '{"title": "a", "title": "b"}',
        '{"title": NaN}',
        "[" * 100_000,
        '{"title": ' + "9" * 5000 + "}",
        '{"title": ["array"]}',
        '{"title": {"a": 1}}',
        '{"title": "x", "count": 1e400}',
        '{"title": "x", "count": 99999999999999999999999}',
        '{"title": "x", "unknown": 1}',
        '{"title": "' + "x" * 1_000_000 + '"}',
    ],
)
def test_json_that_does_not_fit_is_a_problem(browser: Client, person: Person, body: str) -> None:
    browser.force_login(person)

    response = browser.post("/api/v1/notes/", body, content_type="application/json")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "application/json; charset=utf-7",
        "application/json; charset=bz2_codec",
        f"{FORM}; charset=utf-16",
        "nonsense",
        "",
    ],
)
def test_content_types_never_break_the_server(
    browser: Client, person: Person, content_type: str
) -> None:
    browser.force_login(person)

    for path in ("/settings/", "/api/v1/notes/", "/echo/"):
        response = browser.generic("POST", path, b'{"title": "x"}', content_type=content_type)
        assert response.status_code < 500, path


def test_too_large_a_form_is_413(browser: Client) -> None:
    response = browser.post("/echo/", "text=" + "x" * 3_000_000, content_type=FORM)

    assert response.status_code == 413


def test_too_many_fields_are_400(browser: Client) -> None:
    assert browser.post("/echo/", {f"f{n}": "x" for n in range(600)}).status_code == 400
    many = "&".join(f"f{n}=x" for n in range(600))
    assert browser.post("/echo/", many, content_type=FORM).status_code == 400


def test_foreign_host_is_refused_everywhere(browser: Client) -> None:
    for host in ("evil.example", "localhost.evil.example", "[::1", "a\tb", "x" * 300):
        for path in ("/accounts/login/", "/no/such/page/", "/api/v1/notes/"):
            assert browser.get(path, headers={"Host": host}).status_code == 400, host


def test_cookie_with_a_hidden_nul_is_forgotten(browser: Client) -> None:
    response = browser.get(
        "/accounts/login/", headers={"Cookie": 'sid="abcdefgh\\000ijkl"; csrf="x\\000"'}
    )

    assert response.status_code == 200


def test_header_values_never_break_the_server(browser: Client, person: Person) -> None:
    browser.force_login(person)
    for name in ("HX-Current-URL", "Referer", "Origin", "If-None-Match", "If-Match", "Range"):
        for value in ("http://[::1", "\xff\xfe", '"', "x" * 5000, "*", 'W/"'):
            for path in ("/read/", "/settings/"):
                response = browser.get(path, headers={name: value, "HX-Request": "true"})
                assert response.status_code < 500, (name, value, path)
    for value in ("Bearer \xff", "Bearer", "Bearer a b", "Token x", "Basic !!!"):
        client = Client(raise_request_exception=False)
        response = client.get("/api/v1/notes/", headers={"Authorization": value})
        assert response.status_code == 401, value
        assert json.loads(response.content)["status"] == 401
