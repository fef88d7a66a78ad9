from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from members.people.api_tokens import create_token
from members.people.models import Person


class Api:
    """A program that calls with a token, or without one."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, data: object = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            data if data is not None else {},
            content_type="application/json",
            headers={**self.headers, **headers},
        )


@pytest.fixture
def api_of() -> Callable[..., Api]:
    """`api_of(person)` calls with a token of that person; `api_of()` with none."""

    def made(person: Person | None = None, scopes: tuple[str, ...] = ("read", "write")) -> Api:
        if person is None:
            return Api()
        _, secret = create_token(
            actor=person, name="test", scopes=list(scopes), valid=timedelta(days=1)
        )
        return Api(secret)

    return made
