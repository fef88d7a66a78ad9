"""The API answers as its description says, whoever asks and whatever is sent.

A run of the suite tries a few requests for each operation; `make fuzz-api` tries many and new ones.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.urls import resolve
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from members.people.api_tokens import create_token
from tests.matrix.conftest import Browsers
from tests.matrix.loading import rows
from tests.matrix.test_bad_values import first_who_may
from tests.matrix.test_matrix import address
from tests.world import World
from workinggroups.meetings.models import TimeOption

# The world is built for both tests at once.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.xdist_group("api-description"),
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
ROLES = ["anonymous", "member", "chair", "staff"]


def real_addresses(world: World) -> dict[str, list[dict[str, str]]]:
    """For each path of the description the parameters that name things of the world."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows():
        if row.is_due and row.route.startswith("api-"):
            match = resolve(address(world, row, first_who_may(row)[0]))
            path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route)
            found.setdefault(path, []).append(
                {name: str(getattr(value, "slug", value)) for name, value in match.kwargs.items()}
            )
    return found


def pages(environ: Any, start_response: Any) -> list[bytes]:
    """The site; an answer that is a file is read to its end and closed."""
    with closing(get_wsgi_application()(environ, start_response)) as chunks:
        return list(chunks)


# No description can say which dates are to come, which hours there are, how zones are called, and which
# letters can be seen.
PLANNED = {
    "local_date": "2031-03-04", "local_time": "10:00:00", "zone": "Europe/Paris", "fold": None,
    "frequency": "weekly", "until": None, "skipped": [], "join_url": "https://example.org/call",
    "title": "Call", "place": "",
}  # fmt: skip


def leave_out_own(case: Any) -> None:
    """Drop what no description can say: only an answer's own `next` is a cursor, only an organization
    that the caller acts for is theirs, a poll has its own times,
    and a moment is one with an offset."""
    case.query.pop("cursor", None)
    if "starts_at" in case.query:
        case.query |= {"starts_at": "2031-03-04T10:00:00Z", "group": "unknown"}
    for bound in {"starts_from", "starts_before"} & case.query.keys():
        case.query[bound] = "2031-03-04T10:00:00Z"
    if isinstance(case.body, dict):
        case.body.pop("organization", None)
        for planned in (case.body, case.body.get("series")):
            if isinstance(planned, dict) and {"local_date", "title"} & planned.keys():
                planned.update({key: PLANNED[key] for key in PLANNED.keys() & planned.keys()})
        if "answers" in case.body:
            options = TimeOption.objects.filter(poll__uuid=case.path_parameters["uuid"])
            offered = options.values_list("uuid", flat=True)[:1]
            case.body["answers"] = [{"option": str(each), "answer": "no"} for each in offered] or (
                case.body["answers"]
            )


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's own test client does: a request's end leaves the test's transaction alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_answers_are_what_the_description_says(world: World, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", pages)
    secrets = {
        role: create_token(
            actor=world.people[role], name="t", scopes=["read", "write"], valid=timedelta(days=1)
        )[1]
        for role in ROLES
        if role != "anonymous"
    }
    reals = real_addresses(world)
    wrong: dict[str, str] = {}

    def ask(role: str, case: Any) -> None:
        headers = {"Authorization": f"Bearer {secrets[role]}"} if role in secrets else {}
        cache.clear()
        if case.meta.generation.mode.is_positive:
            leave_out_own(case)
        with transaction.atomic():
            try:
                response = case.call(headers=headers)
                case.validate_response(response, headers=headers)
            except (Exception, FailureGroup) as error:
                for one in getattr(error, "exceptions", [error]):
                    what = f"{case.operation.label} {type(one).__name__}"
                    wrong.setdefault(what, f"{role}: {' '.join(str(one).split())[:2500]}")
            transaction.set_rollback(True)

    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        named = reals.get(operation.path, [])
        modes = [GenerationMode.POSITIVE]
        if operation.body or operation.query:
            modes.append(GenerationMode.NEGATIVE)
        cases = st.one_of(
            *(operation.as_strategy(generation_mode=mode) for mode in modes),
            *(
                operation.as_strategy(generation_mode=mode, path_parameters=one)
                for mode in modes
                for one in named
            ),
        )

        @examples(max_examples=EXAMPLES, phases=[Phase.generate], database=None)
        @given(st.sampled_from(ROLES), cases)
        def each(role: str, case: Any) -> None:
            ask(role, case)

        each()

    assert wrong == {}, "\n".join(f"{key}: {value}" for key, value in wrong.items())


def test_a_list_is_sent_again_to_exactly_who_has_other_bytes(
    world: World, browsers: Browsers
) -> None:
    """304 for one's own copy and never for somebody else's, unless it is the same."""
    lists = {
        row.route: row
        for row in rows()
        if row.is_due and row.method == "GET" and re.fullmatch(r"api-.+-list", row.route)
    }
    assert len(lists) > 10
    for row in lists.values():
        cache.clear()
        url = address(world, row, first_who_may(row)[0])
        answers = {role: browsers.of(role).get(url) for role in ("anonymous", "member", "staff")}
        copies = {role: each for role, each in answers.items() if each.status_code == 200}
        assert copies, url
        for role, own in copies.items():
            others = {each["ETag"] for each in copies.values() if each.content != own.content}
            again = browsers.of(role).get(url, headers={"If-None-Match": own["ETag"]})
            fresh = browsers.of(role).get(url, headers={"If-None-Match": ", ".join(others)})

            assert (again.status_code, again.content) == (304, b""), url
            assert (fresh.status_code, fresh.content) == (200, own.content), url
            assert again["ETag"] == fresh["ETag"] == own["ETag"]
