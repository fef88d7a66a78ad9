"""How a page is asked for once its thing is in the state."""

from collections.abc import Callable, Mapping
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.browser import signed_in
from tests.pages import Stage
from tests.rendered_pages import HOST

Values = Mapping[str, Any]
# A browser in which nobody is signed in.
ANYBODY: dict[str, Any] = {"headers": HOST}


def browser(stage: Stage, role: str = "", *, recent: bool = True) -> Client:
    return signed_in(stage.people[role], recent=recent, headers=HOST) if role else Client(**ANYBODY)


def look(browser: Client, route: str, *args: Any) -> Any:
    response = browser.get(reverse(route, args=args))
    assert response.status_code == 200, (route, response.status_code)
    return response


def seen(
    role: str, route: str, args: Callable[[Stage], tuple[Any, ...]] = lambda stage: ()
) -> Callable[[Stage], Any]:
    """The page of an address, where making its arguments makes the state."""
    return lambda stage: look(browser(stage, role), route, *args(stage))


def sent_back(
    role: str,
    route: str,
    values: Values,
    args: Callable[[Stage], tuple[Any, ...]] = lambda stage: (),
) -> Callable[[Stage], Any]:
    """A form that was filled in wrongly, as it comes back with what was written."""

    def draw(stage: Stage) -> Any:
        path = reverse(route, args=args(stage))
        response = browser(stage, role).post(path, values)
        assert response.status_code == 422, (route, response.status_code)
        return response

    return draw


def in_group(stage: Stage) -> tuple[Any, ...]:
    return (stage.group.slug,)


def after(
    change: Callable[[Stage], object],
    role: str,
    route: str,
    args: Callable[[Stage], tuple[Any, ...]] = lambda stage: (),
) -> Callable[[Stage], Any]:
    """The page of an address once something has changed."""

    def draw(stage: Stage) -> Any:
        change(stage)
        return look(browser(stage, role), route, *args(stage))

    return draw
