"""Import organizations that became members before this system: all of a file, or none."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid
from members.organizations import csv_files
from members.organizations.actions import memberships, profile
from members.organizations.choices import MembershipStatus
from members.organizations.models import Organization
from members.organizations.permissions import can_import
from members.people.models import Person


def import_members(*, actor: Person, text: str) -> list[Organization]:
    """Create an organization with an active membership for each line of the CSV text.

    Their agreements were signed on paper, so none is asked for. Checks the text again, since the
    database may have changed after the trial run. Raises Invalid for any error in the text.
    """
    can_import.require(viewer_for(actor.pk))
    with transaction.atomic():
        reading = csv_files.read(text, zone=actor.zone)
        if reading.faults:
            raise Invalid(_("The file has errors, so nothing was imported."), field="file")
        return [_import(actor, row) for row in reading.rows]


def _import(actor: Person, row: csv_files.Row) -> Organization:
    organization = profile.create(
        by=actor,
        name=row.name,
        legal_name=row.legal_name,
        kind=row.kind,
        sector=row.sector,
        country=row.country,
        website=row.website,
        domains=row.domains,
    )
    memberships.begin(
        by=actor,
        organization=organization,
        status=MembershipStatus.ACTIVE,
        on=row.member_since,
    )
    return organization
