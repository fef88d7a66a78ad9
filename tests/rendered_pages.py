"""Pages that no address leads to: errors, forms that came too late, two who wrote at once, mails.

Each is drawn by the code that draws it for a person, and then looked at as `tests/pages.py` is.
States that a thing is brought into first are in `tests/states`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from alliance.portal import installation
from common.http import errors
from common.mail.render import render_templates
from notifications.types import NotificationContent
from tests.browser import signed_in
from tests.pages import DRAFT, Stage

NOTE = "The limit of 500 milliseconds favours those with their own hardware.\n\nA hospital cannot."
HOST = {"host": "localhost"}
STALE = 9999  # No text was saved so often: somebody else saved meanwhile.
SITE = "https://alliance.example"


@dataclass(frozen=True)
class RenderedPage:
    """A page with the way it is drawn, and the address it is of, where it has one."""

    name: str
    family: str
    draw: Callable[[Stage], Any]
    route: str = ""

    def answer(self, stage: Stage) -> dict[str, Any]:
        """What a browser would get, as Playwright fulfils a request. Changes nothing for good."""
        with transaction.atomic():
            rendered = self.draw(stage.afresh())
            transaction.set_rollback(True)
        if not isinstance(rendered, HttpResponse):
            return {"content_type": "text/html", "body": rendered.encode()}
        policy = rendered.headers.get("Content-Security-Policy")
        headers = {"Content-Security-Policy": policy} if policy else {}
        return {"content_type": "text/html", "body": rendered.content, "headers": headers}

    def __str__(self) -> str:
        return self.name


def _posted() -> Any:
    return RequestFactory(headers=HOST).post(
        "/groups/safety/actions/new/", {"text": NOTE, "title": "Limit"}
    )


def _answer(status: int, message: str = "", **more: Any) -> Callable[[Stage], HttpResponse]:
    return lambda stage: errors.answer(_posted(), status, message, **more)


def _in_a_demonstration(stage: Stage) -> HttpResponse:
    """What every page says above itself where all data is invented."""
    installation.note(is_demo=True)
    try:
        return errors.page_not_found(RequestFactory().get("/nowhere/"))
    finally:
        installation.note(is_demo=False)


def _stale_text(stage: Stage) -> Any:
    """The draft saved from a text that somebody has written over since."""
    path = reverse("deliverable-text", args=DRAFT(stage))
    return _refused(
        stage, "chair", path, {"source": NOTE, "changes": "The limit.", "version": STALE}
    )


def _refused(stage: Stage, role: str, path: str, values: dict[str, Any]) -> Any:
    response = signed_in(stage.people[role], headers=HOST).post(path, values)
    assert response.status_code == 409, response.status_code
    return response


def _stale_profile(stage: Stage) -> Any:
    organization = stage.organization
    path = reverse("organization-edit", args=[organization.slug])
    return _refused(
        stage,
        "representative",
        path,
        {
            "name": organization.name,
            "legal_name": organization.legal_name,
            "country": organization.country,
            "sector": "Hospitals and their laboratories",
            "summary": NOTE,
            "version": STALE,
        },
    )


def _expired(stage: Stage) -> HttpResponse:
    """A form of a member whose sign-in ended while they wrote."""
    from django.contrib.auth.models import AnonymousUser

    request = _posted()
    request.user = AnonymousUser()
    return errors.csrf_failure(request)


def _mail(kind: str, **context: Any) -> Callable[[Stage], str]:
    values = {"name": "Adaeze Okonkwo", "organization": "Kvarnby Institute of Technology"}
    values |= {"url": f"{SITE}/", "settings_url": f"{SITE}/settings/notices/"}
    values |= {"sign_in_url": SITE, "sign_up_url": SITE, "reset_url": SITE}
    return lambda stage: render_templates(kind, {**values, **context}).html


CONTENT = NotificationContent(
    title="Draft minutes: Evaluations call",
    url="/groups/safety/meetings/14/",
    why="because you are in Trust and safety evaluations",
    detail="Participants can ask for corrections until 1 Dec 2026.",
    group_name="Trust and safety evaluations",
)
_UNTIL = datetime(2026, 12, 22, 12, tzinfo=UTC)

RENDERED = [
    RenderedPage(
        "400", "errors", _answer(400, "We could not read the request. Go back and try again.")
    ),
    RenderedPage(
        "403",
        "errors",
        lambda stage: errors.permission_denied(_posted(), PermissionDenied("Only a chair can.")),
    ),
    RenderedPage(
        "404", "errors", lambda stage: errors.page_not_found(RequestFactory().get("/nowhere/"))
    ),
    RenderedPage("in-a-demonstration", "errors", _in_a_demonstration),
    RenderedPage("408", "errors", _answer(408)),
    RenderedPage("409", "errors", _answer(409, "The minutes were approved meanwhile.", keep=True)),
    RenderedPage("413", "errors", _answer(413)),
    RenderedPage("429", "errors", lambda stage: errors.too_many(_posted())),
    RenderedPage("500", "errors", _answer(500)),
    RenderedPage("503", "errors", lambda stage: errors.unavailable(_posted())),
    RenderedPage("507", "errors", lambda stage: errors.disk_full(_posted())),
    RenderedPage("form-expired", "errors", _expired),
    RenderedPage("text-written-over", "conflicts", _stale_text),
    RenderedPage("profile-written-over", "conflicts", _stale_profile),
    RenderedPage("notice", "mails", _mail("notice", content=CONTENT, stop_url=f"{SITE}/stop/")),
    RenderedPage(
        "digest",
        "mails",
        _mail(
            "digest",
            items=[{"content": CONTENT, "url": SITE, "when": "Fri 27 Nov 2026, 18:00 (UTC+1)"}] * 3,
            stop_url=f"{SITE}/stop/",
        ),
    ),
    RenderedPage(
        "sign-in-code",
        "mails",
        _mail("sign_in_code", purpose="sign_in", code="KQ4T-9WZM", valid_minutes=15),
    ),
    RenderedPage("sign-in-known-address", "mails", _mail("sign_in_known_address")),
    RenderedPage("sign-in-unknown-address", "mails", _mail("sign_in_unknown_address")),
    RenderedPage(
        "account-changed",
        "mails",
        _mail(
            "account_changed",
            what_changed="Your password was changed",
            ip="192.0.2.7",
            browser="Firefox",
        ),
    ),
    RenderedPage(
        "second-factor-reset", "mails", _mail("second_factor_reset", by="Sam", reason="Phone lost.")
    ),
    RenderedPage(
        "second-factor-reset-asked",
        "mails",
        _mail(
            "second_factor_reset_asked",
            by="Sam",
            person="Lin",
            reason="Phone lost.",
            account_url=f"{SITE}/staff/accounts/",
        ),
    ),
    RenderedPage("agreement-ready", "mails", _mail("agreement_ready", expires_at=_UNTIL)),
    RenderedPage(
        "invitation",
        "mails",
        _mail("invitation", role="Colleague", inviter="Ingrid Åkerhielm", expires_at=_UNTIL),
    ),
    RenderedPage(
        "group-invitation",
        "mails",
        _mail(
            "group_invitation",
            title="Ingrid Åkerhielm invites you to take part in Agents and tools",
            group={"purpose": "Shared tests that anyone can repeat."},
            inviter="Ingrid Åkerhielm",
            address="adaeze@kvarnby.example",
            until="Tue 22 Dec 2026, 12:00 (UTC)",
        ),
    ),
]
