"""What this room announces: changes of a membership, new colleagues, a missing representative."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.organizations.choices import LegalNameState, MembershipStatus
from members.organizations.models import (
    Affiliation,
    LegalNameRequest,
    Membership,
    Organization,
    Representation,
)
from members.people.models import Person
from notifications.about import lines_about, lines_with_person
from notifications.actions import announce
from notifications.audiences import all_staff
from notifications.models import Event
from notifications.registry import Kind, Line, register

MEMBERSHIP_CHANGED = "membership_changed"
COLLEAGUE_JOINED = "colleague_joined"
REPRESENTATIVE_MISSING = "representative_missing"
LEGAL_NAME_ASKED = "legal_name_asked"
LEGAL_NAME_ANSWERED = "legal_name_answered"

# What a membership's status means to its organization, in one sentence.
MEANING = {
    MembershipStatus.AWAITING: gettext_lazy("The agreements have to be accepted first."),
    MembershipStatus.ACTIVE: gettext_lazy("Your people can join groups, meet and write."),
    MembershipStatus.GRACE: gettext_lazy("Your people can read everything and write nothing."),
    MembershipStatus.SUSPENDED: gettext_lazy("Your people have no access until it is restored."),
    MembershipStatus.ENDED: gettext_lazy("Your people have no access any more."),
}


def membership_changed(*, by: Person, membership: Membership, change_uuid: UUID) -> None:
    """Tells the organization's representatives; `change_uuid` is the change's record."""
    if membership.organization is None:
        return
    announce(
        kind=MEMBERSHIP_CHANGED,
        dedupe_key=f"{MEMBERSHIP_CHANGED}:{change_uuid}",
        ref={"organization": membership.organization_id, "status": membership.status},
        actor=by,
        scope_uuid=membership.organization.uuid,
    )


def colleague_joined(*, affiliation: Affiliation) -> None:
    """Tells the organization's representatives that somebody belongs to it now."""
    announce(
        kind=COLLEAGUE_JOINED,
        dedupe_key=f"{COLLEAGUE_JOINED}:{affiliation.uuid}",
        ref={"organization": affiliation.organization_id, "person": affiliation.person_id},
        actor=affiliation.person,
        scope_uuid=affiliation.organization.uuid,
    )


def representative_missing(*, by: Person, organization: Organization, cause_uuid: UUID) -> None:
    """Tells staff that nobody represents a member any more; an alternate acts meanwhile."""
    announce(
        kind=REPRESENTATIVE_MISSING,
        dedupe_key=f"{REPRESENTATIVE_MISSING}:{cause_uuid}",
        ref={"organization": organization.pk},
        actor=by,
        scope_uuid=organization.uuid,
    )


def legal_name_asked(*, request: LegalNameRequest) -> None:
    """Tells staff that a representative asks for another legal name."""
    announce(
        kind=LEGAL_NAME_ASKED,
        dedupe_key=f"{LEGAL_NAME_ASKED}:{request.uuid}",
        ref={"organization": request.organization_id},
        actor=request.asked_by,
        scope_uuid=request.organization.uuid,
    )


def legal_name_answered(*, request: LegalNameRequest, by: Person) -> None:
    """Tells the representatives whether staff confirmed the new legal name, and why not."""
    announce(
        kind=LEGAL_NAME_ANSWERED,
        dedupe_key=f"{LEGAL_NAME_ANSWERED}:{request.uuid}",
        ref={"organization": request.organization_id, "request": request.pk},
        actor=by,
        scope_uuid=request.organization.uuid,
    )


def representatives(event: Event) -> QuerySet[Person]:
    acting = Representation.objects.current().filter(
        person=OuterRef("pk"), organization_id=event.ref["organization"]
    )
    return Person.objects.active().filter(Exists(acting))


def represented(viewer: Viewer) -> QuerySet[Organization]:
    """The organizations this viewer acts for."""
    return Organization.objects.filter(pk__in=viewer.represented_ids)


def shown_to_staff(viewer: Viewer) -> QuerySet[Organization]:
    return Organization.objects.all() if viewer.is_staff else Organization.objects.none()


def _people_url(organization: Organization) -> str:
    return reverse("organization-people", args=[organization.slug])


def _changed(organization: Organization, event: Event, viewer: Viewer) -> Line:
    status = MembershipStatus(event.ref["status"])
    return Line(
        title=_("%(organization)s: membership is now “%(status)s”")
        % {"organization": organization, "status": status.label},
        url=organization.get_absolute_url(),
        why=_("because you represent the organization"),
        detail=str(MEANING[status]),
    )


def _joined(organization: Organization, event: Event, viewer: Viewer, person: Person) -> Line:
    return Line(
        title=_("%(person)s joined %(organization)s")
        % {"person": person, "organization": organization},
        url=_people_url(organization),
        why=_("because you represent the organization"),
    )


def _missing(organization: Organization, event: Event, viewer: Viewer) -> Line:
    return Line(
        title=_("%(organization)s has no representative") % {"organization": organization},
        url=_people_url(organization),
        why=_("because you are staff"),
        detail=_("Name one, so that somebody acts for it."),
    )


def own_requests(viewer: Viewer) -> QuerySet[LegalNameRequest]:
    """Changes of a legal name of the organizations this viewer acts for."""
    found = LegalNameRequest.objects.filter(organization__in=viewer.represented_ids)
    return found.select_related("organization")


def _legal_name_asked(organization: Organization, event: Event, viewer: Viewer) -> Line:
    return Line(
        title=_("%(organization)s asks to change its legal name") % {"organization": organization},
        url=reverse("organization-legal-name", args=[organization.slug]),
        why=_("because you are staff"),
        detail=_("The present name is shown until staff confirm the new one."),
    )


def _legal_name_answered(request: LegalNameRequest, event: Event, viewer: Viewer) -> Line:
    words = {"organization": request.organization, "name": request.legal_name}
    if request.state == LegalNameState.CONFIRMED:
        title = _("%(organization)s has a new legal name: %(name)s") % words
    else:
        title = _("%(organization)s: the legal name “%(name)s” was declined") % words
    return Line(
        title=title,
        url=request.organization.get_absolute_url(),
        why=_("because you represent the organization"),
        detail=request.reason,
    )


def register_kinds() -> None:
    topic = gettext_lazy("Your organization")
    register(
        Kind(
            name=MEMBERSHIP_CHANGED,
            label=gettext_lazy("The membership changes"),
            topic=topic,
            audience=representatives,
            lines=lines_about("organization", represented, _changed),
            mandatory=True,
        ),
        Kind(
            name=COLLEAGUE_JOINED,
            label=gettext_lazy("A colleague joins"),
            topic=topic,
            audience=representatives,
            lines=lines_with_person("organization", represented, _joined),
        ),
        Kind(
            name=REPRESENTATIVE_MISSING,
            label=gettext_lazy("A member has no representative"),
            topic=gettext_lazy("Administration"),
            audience=all_staff,
            lines=lines_about("organization", shown_to_staff, _missing),
        ),
        Kind(
            name=LEGAL_NAME_ASKED,
            label=gettext_lazy("A member asks to change its legal name"),
            topic=gettext_lazy("Administration"),
            audience=all_staff,
            lines=lines_about("organization", shown_to_staff, _legal_name_asked),
        ),
        Kind(
            name=LEGAL_NAME_ANSWERED,
            label=gettext_lazy("Staff answer a change of the legal name"),
            topic=topic,
            audience=representatives,
            lines=lines_about("request", own_requests, _legal_name_answered),
            mandatory=True,
        ),
    )
