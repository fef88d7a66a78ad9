"""Two bare views to hold every page against, since ratios travel between machines and rates do not.

`one-select`: one ORM `get()` by primary key, then 20 KB. `floor`: what no page for somebody signed
in beats by much: Django's seven default middlewares, the session and the person, one object, a list
of 20 rows, and a 20 KB template with autoescaping.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.template import Context, Template

from workinggroups.groups.models import ActionItem, Group

GetResponse = Callable[[HttpRequest], HttpResponseBase]

ONE_SELECT = "/bench/one-select"
FLOOR = "/bench/floor"

PAGE_BYTES = 20_000
ROWS = 20

# What `startproject` lists, outermost first. Each may also be asynchronous, as its type says.
DEFAULTS: list[Callable[[Any], Any]] = [
    SecurityMiddleware,
    SessionMiddleware,
    CommonMiddleware,
    CsrfViewMiddleware,
    AuthenticationMiddleware,
    MessageMiddleware,
    XFrameOptionsMiddleware,
]

TEMPLATE = """<!doctype html><html lang="en"><head><title>{{ group.name }}</title></head><body>
<p>{{ person.name }}</p><h1>{{ group.name }}</h1><p>{{ group.purpose }}</p><ul>
{% for item in items %}<li><a href="/groups/{{ group.slug }}/actions/{{ item.number }}/">
A-{{ item.number }} {{ item.text }}</a> <span>{{ item.state }}</span> {{ item.due_on }}
<p>{{ filler }}</p></li>
{% endfor %}</ul></body></html>"""
FILLER = "What is to be done, & by whom: <at length>. " * 16


class Yardsticks:
    """Answers the two addresses itself; no middleware of the product sees them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.floor: GetResponse = floor
        for middleware in reversed(DEFAULTS):
            self.floor = middleware(self.floor)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == ONE_SELECT:
            return one_select(request)
        if request.path_info == FLOOR:
            return self.floor(request)
        return self.get_response(request)


@cache
def first_group_id() -> int:
    return Group.objects.order_by("pk").values_list("pk", flat=True)[0]


@cache
def compiled() -> Template:
    return Template(TEMPLATE)


def one_select(request: HttpRequest) -> HttpResponse:
    group = Group.objects.get(pk=first_group_id())
    return HttpResponse(f"{group.name}\n".ljust(PAGE_BYTES, "x"))


def floor(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(f"No session in {settings.SESSION_COOKIE_NAME}.", status=403)
    group = Group.objects.get(pk=first_group_id())
    items = ActionItem.objects.filter(group=group).order_by("number")[:ROWS]
    context = {"group": group, "items": items, "person": request.user, "filler": FILLER}
    return HttpResponse(compiled().render(Context(context)))
