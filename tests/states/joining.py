"""On the way in: applications, codes and invitations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from members.onboarding.actions import addresses
from members.onboarding.models import AgreementVersion
from tests import factories
from tests.pages import Stage
from tests.rendered_pages import NOTE, RenderedPage
from tests.states.looking import ANYBODY, browser, look, seen, sent_back


def _proving(address: str) -> Client:
    """A browser from which a code was mailed to this address."""
    browser = Client(**ANYBODY)
    session = browser.session
    session["address_proof"] = str(addresses.mail_code(address=address).uuid)
    session.save()
    return browser


def _invited(stage: Stage, address: str, **fields: Any) -> str:
    token = "a-token-of-the-pictures"
    factories.invitation(stage.organization, address, stage.people["admin"], token=token, **fields)
    return token


def _invitation_of_somebody_known(stage: Stage) -> Any:
    stranger = stage.people["stranger"]
    EmailAddress.objects.update_or_create(
        user=stranger, email=stranger.email, defaults={"verified": True}
    )
    token = _invited(stage, stranger.email, name="Sam", title="Analyst")
    if not AgreementVersion.objects.due_for_person(stranger.pk):
        factories.agreement("participation")
    return look(browser(stage, "stranger"), "invitation", token)


def _sent_application(stage: Stage, **fields: Any) -> tuple[Any]:
    applicant = stage.people["stranger"]
    return (factories.application(applicant, number="A-99999", **fields).uuid,)


JOINING = [
    RenderedPage(
        "code",
        "joining",
        lambda stage: look(_proving("nora@nordlys.example"), "join-code"),
        "join-code",
    ),
    RenderedPage(
        "code-wrong",
        "joining",
        lambda stage: _proving("nora@nordlys.example").post(reverse("join-code"), {"code": "1"}),
    ),
    RenderedPage(
        "start-sent-back", "joining", sent_back("", "join-start", {"name": "", "email": "nora@"})
    ),
    RenderedPage(
        "invitation",
        "joining",
        seen("", "invitation", lambda stage: (_invited(stage, "nora@nordlys.example"),)),
        "invitation",
    ),
    RenderedPage("invitation-of-somebody-known", "joining", _invitation_of_somebody_known),
    RenderedPage(
        "invitation-code",
        "joining",
        lambda stage: look(
            _proving("nora@nordlys.example"),
            "invitation-code",
            _invited(stage, "nora@nordlys.example"),
        ),
        "invitation-code",
    ),
    RenderedPage(
        "invitation-over",
        "joining",
        lambda stage: Client(**ANYBODY).get(
            reverse("invitation", args=[_invited(stage, "nora@nordlys.example", state="revoked")])
        ),
    ),
    RenderedPage("application-sent", "joining", seen("stranger", "application", _sent_application)),
    RenderedPage(
        "application-declined",
        "joining",
        seen(
            "stranger",
            "application",
            lambda stage: _sent_application(
                stage,
                state="rejected",
                decided_at=factories.ago(hours=1),
                decided_by=stage.people["admin"],
                decision_reason=NOTE,
            ),
        ),
    ),
    RenderedPage(
        "application-withdraw",
        "joining",
        seen("stranger", "application-withdraw", _sent_application),
        "application-withdraw",
    ),
    RenderedPage(
        "application-step-sent-back",
        "joining",
        sent_back(
            "stranger",
            "application-step",
            {"name": "", "website": "nordlys", "purpose": NOTE},
            lambda stage: (
                stage.people["stranger"].applications.filter(number=None).order_by("pk")[0].uuid,
                "organization",
            ),
        ),
    ),
]
