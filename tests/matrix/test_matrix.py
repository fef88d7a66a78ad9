"""Every row of the matrix, for every kind of group and every actor, against the running views."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.matrix.conftest import Browsers, traces
from tests.matrix.loading import ANY_KIND, Row, actors, is_exempt, rows
from tests.matrix.routes import METHODS, Route, routes
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sample(10)]

DUE = [row for row in rows() if row.is_due]
CASES = [
    pytest.param(row, kind, id=f"{row.family}-{row.row}-{kind}".replace(" ", "_"))
    for row in DUE
    for kind in row.expect
]


def look_up(world: World, kind: str, path: str | int) -> Any:
    """What a path such as `people.chair.uuid` names in the world; a number is itself."""
    if isinstance(path, int):
        return path
    first, *rest = path.split(".")
    things = {**world.shared, **world.things[kind], "people": world.people}
    found = things[first]
    for name in rest:
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found


def filled(world: World, kind: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            filled(world, kind, name): filled(world, kind, inner) for name, inner in value.items()
        }
    if isinstance(value, list):
        return [filled(world, kind, inner) for inner in value]
    if isinstance(value, str) and value.startswith("file:"):
        return SimpleUploadedFile(value.removeprefix("file:"), b"a,b\n1,2\n")
    if isinstance(value, str) and value.startswith("="):
        return str(look_up(world, kind, value[1:]))
    return value


def address(world: World, row: Row, kind: str) -> str:
    args = {name: look_up(world, kind, path) for name, path in row.args.items()}
    return reverse(row.route, kwargs=args)


def send(client: Client, world: World, row: Row, kind: str) -> HttpResponse:
    kind = ANY_KIND if kind == "any" else kind
    url = address(world, row, kind)
    data = filled(world, kind, row.data)
    if row.method == "GET":
        response = client.get(url, filled(world, kind, row.query))
        if response.streaming:
            list(response)  # a file is closed once it was read
        return response
    if url.startswith("/api/"):
        method = getattr(client, row.method.lower())
        return method(url, data or {}, content_type="application/json")
    if row.query:
        url += "?" + "&".join(f"{name}={value}" for name, value in row.query.items())
    return client.generic(row.method, url) if row.method != "POST" else client.post(url, data or {})


def code_of(response: HttpResponse, row: Row) -> str:
    """The answer as the matrix writes it; anything else as its number."""
    status = response.status_code
    if status == 401 or (status == 302 and is_sign_in(response)):
        return "L"
    if status in {403, 404, 409}:
        return {403: "F", 404: "N", 409: "S"}[status]
    if row.answers == "form" and status in {200, 400, 422}:
        return "2"
    if status in {200, 422} and row.method == "POST" and not row.answers:
        return f"{status}, the form again: {form_errors(response)}"
    if status in {200, 201, 202, 204, 302, 303, 304}:
        return "2"
    return str(status)


def is_sign_in(response: HttpResponse) -> bool:
    return response["Location"].startswith("/accounts/login/")


def form_errors(response: Any) -> str:
    form = response.context.get("form") if response.context is not None else None
    return str(dict(form.errors)) if form is not None else "no form"


@pytest.mark.parametrize(("row", "kind"), CASES)
def test_each_actor_is_answered_as_the_matrix_says(
    world: World, browsers: Browsers, row: Row, kind: str
) -> None:
    answers, hidden = {}, {}
    for actor in actors():
        with transaction.atomic():
            client = browsers.of(actor)
            response = send(client, world, row, kind)
            answers[actor] = code_of(response, row)
            if answers[actor] == "N":
                hidden[actor] = traces(response) - browsers.nothing(actor, row.route)
            transaction.set_rollback(True)

    expected = row.expect[kind]
    wrong = {
        actor: f"{answers[actor]}, not {expected[actor]}"
        for actor in actors()
        if answers[actor] != expected[actor]
    }
    assert not wrong, wrong
    told_apart = {actor: trace for actor, trace in hidden.items() if trace}
    assert not told_apart, told_apart


RECENT = [row for row in DUE if row.recent]


@pytest.mark.parametrize("row", RECENT, ids=lambda row: row.row.replace(" ", "_"))
def test_act_wants_a_recent_sign_in(world: World, browsers: Browsers, row: Row) -> None:
    kind, actor = next(
        (kind, actor)
        for kind, codes in row.expect.items()
        for actor, code in codes.items()
        if code in {"2", "S"}
    )

    with transaction.atomic():
        response = send(browsers.of(actor, recent=False), world, row, kind)
        transaction.set_rollback(True)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/confirm/")


WRITES = [row for row in DUE if row.method != "GET" and row.csrf]


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.row.replace(" ", "_"))
def test_nothing_is_written_without_a_token(world: World, browsers: Browsers, row: Row) -> None:
    kind, actor = next(
        (
            (kind, actor)
            for kind, codes in row.expect.items()
            for actor, code in codes.items()
            if code != "L"
        ),
        (next(iter(row.expect)), "outsider"),
    )

    with transaction.atomic():
        response = send(browsers.of(actor, enforce_csrf_checks=True), world, row, kind)
        transaction.set_rollback(True)

    assert response.status_code == 403


# --- both directions: no address without a row, no due row without an address ------------------------


def listed_routes() -> list[Route]:
    return [route for route in routes() if not is_exempt(route.name)]


def test_every_address_and_method_has_a_row() -> None:
    known = {(row.route, row.method) for row in DUE}

    missing = [
        f"{method} {route.name} ({route.pattern})"
        for route in listed_routes()
        for method in sorted(route.methods or {"any method: it declares none"})
        if (route.name, method) not in known
    ]

    assert missing == []


def test_every_due_row_has_an_address() -> None:
    known = {(route.name, method) for route in routes() for method in route.methods}

    lost = [f"{row.method} {row.route}" for row in DUE if (row.route, row.method) not in known]

    assert lost == []


def test_every_reason_for_an_exemption_still_applies() -> None:
    from tests.matrix.loading import shared

    names = [route.name for route in routes()]
    idle = [
        name
        for name in shared()["exempt"]
        if not any(known == name or known.startswith(name.rstrip("*")) for known in names)
    ]

    assert idle == []


ONE_ROW_EACH = {row.route: row for row in DUE}


@pytest.mark.parametrize("name", sorted(ONE_ROW_EACH))
def test_unlisted_methods_are_refused_whoever_asks(
    world: World, browsers: Browsers, name: str
) -> None:
    row = ONE_ROW_EACH[name]
    declared = next(route.methods for route in routes() if route.name == name)
    kind = next(iter(row.expect))
    url = address(world, row, ANY_KIND if kind == "any" else kind)

    answers = {
        (actor, method): browsers.of(actor).generic(method, url).status_code
        for method in METHODS
        if method not in declared
        for actor in ("anonymous", "outsider", "chair")
    }

    assert set(answers.values()) <= {405}
