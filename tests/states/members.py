"""Organizations in each state of their membership, and what staff do with them."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.organizations.actions import memberships
from members.organizations.actions.profile import edit_profile
from tests import factories
from tests.pages import Stage
from tests.rendered_pages import RenderedPage
from tests.states.looking import after, browser, in_group, seen, sent_back


def _of_status(status: str) -> Callable[[Stage], None]:
    def change(stage: Stage) -> None:
        [membership] = stage.organization.memberships.current()
        memberships.set_status(
            actor=stage.people["admin"],
            membership=membership,
            status=status,
            reason="The fee of two years is open.",
        )

    return change


def _asks_for_name(stage: Stage) -> None:
    """A representative asks for another legal name."""
    organization = stage.organization
    edit_profile(
        actor=stage.people["representative"],
        organization=organization,
        version=organization.version,
        other_names=[],
        legal_name="The Northern Institute of Measurement and of Everything Beside It",
    )


def _own(stage: Stage) -> tuple[str]:
    return (stage.organization.slug,)


MEMBERS = [
    RenderedPage(
        "own-organization-in-grace",
        "organization",
        after(_of_status("grace"), "representative", "organization", _own),
    ),
    RenderedPage(
        "my-work-in-grace", "organization", after(_of_status("grace"), "representative", "my-work")
    ),
    RenderedPage(
        "a-group-in-grace",
        "organization",
        after(_of_status("grace"), "representative", "group", in_group),
    ),
    RenderedPage(
        "own-organization-suspended",
        "organization",
        after(_of_status("suspended"), "representative", "organization", _own),
    ),
    RenderedPage(
        "my-work-suspended",
        "organization",
        after(_of_status("suspended"), "representative", "my-work"),
    ),
    RenderedPage(
        "membership-ended",
        "organization",
        after(_of_status("ended"), "admin", "organization-membership", _own),
    ),
    RenderedPage(
        "new-legal-name",
        "organization",
        after(_asks_for_name, "admin", "organization-legal-name", _own),
        "organization-legal-name",
    ),
    RenderedPage(
        "own-organization-with-new-legal-name",
        "organization",
        after(_asks_for_name, "representative", "organization-edit", _own),
    ),
    RenderedPage(
        "organizations-with-new-legal-name",
        "staff",
        after(_asks_for_name, "admin", "staff-organizations"),
    ),
    RenderedPage(
        "end-an-affiliation",
        "organization",
        seen(
            "representative",
            "organization-end-affiliation",
            lambda stage: (
                stage.organization.slug,
                factories.affiliate(factories.person("Nora Newcomer"), stage.organization).uuid,
            ),
        ),
        "organization-end-affiliation",
    ),
    RenderedPage(
        "invitation-sent-back",
        "organization",
        sent_back(
            "representative", "organization-invitations", {"address": "nora@", "name": "Nora"}, _own
        ),
    ),
    RenderedPage("import-trial", "staff", lambda stage: _imported(stage, _LINES)),
    RenderedPage("import-faults", "staff", lambda stage: _imported(stage, _FAULTS)),
]

_COLUMNS = "name,legal_name,kind,sector,country,website,domains,member_since\n"

_LINES = f"{_COLUMNS}Nordlys,Nordlys AS,company,data,NO,https://nordlys.example,nordlys.example,2023-12-05\n"

_FAULTS = f"{_COLUMNS},Nordlys AS,shop,data,NOR,nordlys,nordlys.example,yesterday\n"


def _imported(stage: Stage, text: str) -> Any:
    """The trial run of a file of members."""
    upload = SimpleUploadedFile("members.csv", text.encode(), content_type="text/csv")
    response = browser(stage, "admin").post(reverse("staff-import"), {"file": upload})
    assert b"<table" in response.content
    return response
