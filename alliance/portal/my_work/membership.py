"""What membership asks of a person: agreements, applications and signatures."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.portal.my_work.needs import Awaited, Need
from common.access import Viewer
from common.times import zone_named
from common.ui.date_format import day_words
from members.onboarding import queries as onboarding
from members.onboarding.choices import InvitationState
from members.onboarding.models import Application, Invitation


def signature_needs(awaiting: list[onboarding.Awaiting]) -> Iterator[Need]:
    """Yield organizations that wait for the viewer's signature."""
    for membership in awaiting:
        if membership.is_mine:
            yield Need(
                icon="pen",
                title=_("Sign the agreements for %(organization)s")
                % {"organization": membership.organization},
                detail=_("It becomes a member once you have accepted them."),
                url=reverse("organization-agreements", args=[membership.organization.slug]),
                button=_("Read and sign"),
            )


def signatures_awaited(awaiting: list[onboarding.Awaiting], viewer: Viewer) -> Iterator[Awaited]:
    """Yield the viewer's organizations that wait for another person's signature."""
    for membership in awaiting:
        if not membership.is_mine:
            yield Awaited(
                title=_("%(organization)s becomes a member once its agreements are signed")
                % {"organization": membership.organization},
                detail=_whose_signature(membership.signatory, viewer),
                url=reverse("organization-agreements", args=[membership.organization.slug]),
            )


def _whose_signature(signatory: Invitation | None, viewer: Viewer) -> str:
    if signatory is None:
        return _("No signatory has been named. Staff can invite one.")
    values = {
        "person": signatory.accepted_by or signatory.name or signatory.address,
        "day": day_words(signatory.created_at.astimezone(zone_named(viewer.zone))),
    }
    if signatory.state == InvitationState.ACCEPTED:
        words = _("Waiting for %(person)s to sign. They accepted our invitation of %(day)s.")
    elif signatory.is_lapsed:
        words = _("%(person)s did not answer in time. Staff can send the agreements again.")
    else:
        words = _("Waiting for %(person)s. We sent the agreements on %(day)s.")
    return words % values


def answers_awaited(viewer: Viewer) -> Iterator[Awaited]:
    """Yield the viewer's applications that staff have not decided."""
    for application in onboarding.applications_with_staff(viewer):
        yield Awaited(
            title=_("The application of %(organization)s is with staff")
            % {"organization": application},
            detail=_("They check the facts. We will e-mail you their decision."),
            url=application.get_absolute_url(),
        )


def agreement_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield agreements that the viewer has to accept for themselves."""
    for version in onboarding.texts_due(viewer):
        yield Need(
            icon="file-earmark-check",
            title=_("Accept “%(title)s”") % {"title": version.title},
            detail=_("Version %(number)s is in force") % {"number": version.number},
            url=reverse("own-agreements"),
            button=_("Read and accept"),
        )


def application_needs(viewer: Viewer) -> Iterator[Need]:
    """Yield, for staff, how many applications are undecided."""
    if not viewer.is_staff:
        return
    waiting = Application.objects.undecided().count()
    if waiting:
        yield Need(
            icon="building",
            title=ngettext(
                "%(count)s application is waiting for a decision",
                "%(count)s applications are waiting for a decision",
                waiting,
            )
            % {"count": waiting},
            detail=_("Admin"),
            url=reverse("staff-applications"),
            button=_("See applications"),
        )
