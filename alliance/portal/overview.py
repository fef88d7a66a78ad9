"""What staff see first: figures, and what needs their attention."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from alliance.portal.failed_files import failed_files, infected_files
from alliance.portal.text_changes import unseen_count
from common import days
from common.access import Viewer
from common.counting import counted
from common.files.choices import ScanState
from common.files.choices import State as FileState
from common.files.models import StoredFile
from common.mail.models import Message
from common.mail.pauses import pauses
from members.onboarding.models import Application
from members.organizations.models import (
    LegalNameRequest,
    Membership,
    Organization,
    Representation,
)
from members.organizations.queries import legal_names_asked
from members.people.models import Person
from notifications.choices import Channel, NotificationState
from notifications.models import Notification
from workinggroups.deliverables.models import Publication
from workinggroups.groups.models import CharterVersion, Group, Seat
from workinggroups.meetings.models import Meeting

CHARTER_WARNING_DAYS = 90
# A file that waits longer means that the virus scanner does not run, or refuses it.
SCAN_LATE_MINUTES = 10
LISTED = 8


@dataclass(frozen=True, slots=True)
class Overview:
    members: int
    people: int
    groups: int
    published: int
    waiting: int
    legal_names: list[LegalNameRequest]
    failed_mails: int
    failed_files: int
    held_since: datetime | None
    held_mails: int
    without_representative: list[Organization]
    without_chair: list[Group]
    charters_ending: list[CharterVersion]
    minutes_late: int
    texts_changed: int
    is_scanner_set: bool
    infected_files: int
    unscanned_files: int
    scans_late: int

    @property
    def is_calm(self) -> bool:
        """Whether nothing needs the attention of staff."""
        return not (
            self.waiting
            or self.legal_names
            or self.failed_mails
            or self.failed_files
            or self.held_since
            or self.without_representative
            or self.without_chair
            or self.charters_ending
            or self.minutes_late
            or self.texts_changed
            or self.infected_files
            or self.scans_late
        )


def without_representative() -> QuerySet[Organization]:
    """Return members without a representative or alternate."""
    acting = Representation.objects.current().filter(organization=OuterRef("pk"))
    return Organization.objects.members().filter(~Exists(acting))


def without_chair() -> QuerySet[Group]:
    """Return running groups without a chair whose seat counts."""
    chairs = Seat.objects.filter(group=OuterRef("pk"), is_chair=True)
    return Group.objects.running().filter(~Exists(chairs))


class HeldMail(TypedDict):
    """Since when mail is held after a restore, and how many mails and unmailed notifications."""

    held_since: datetime | None
    held_mails: int


def held_mail() -> HeldMail:
    """Return how much mail is held; counts only while it is."""
    since = pauses().held_since
    if since is None:
        return {"held_since": None, "held_mails": 0}
    notifications = Notification.objects.filter(
        channel=Channel.MAIL, state=NotificationState.WAITING
    )
    return {
        "held_since": since,
        "held_mails": Message.objects.open().count() + notifications.count(),
    }


def overview(viewer: Viewer) -> Overview:
    """Return all that the page shows; a fixed number of queries."""
    now = timezone.now()
    ending = (
        CharterVersion.objects.in_force()
        .filter(expires_on__lte=days.first_running(now) + timedelta(days=CHARTER_WARNING_DAYS))
        .select_related("group")
        .order_by("expires_on")
    )
    unscanned = StoredFile.objects.filter(state=FileState.STORED, scan=ScanState.WAITING)
    counts: dict[str, Any] = counted(
        Person,
        members=Membership.objects.inside().filter(organization__isnull=False),
        people=Person.objects.active(),
        groups=Group.objects.running(),
        published=Publication.objects.standing().filter(is_latest=True),
        waiting=Application.objects.undecided(),
        failed_mails=Message.objects.failed(),
        failed_files=failed_files(),
        infected_files=infected_files(),
        unscanned_files=unscanned,
        scans_late=unscanned.filter(created_at__lt=now - timedelta(minutes=SCAN_LATE_MINUTES)),
        minutes_late=Meeting.objects.minutes_late(),
    )
    if not settings.CLAMD_URL:  # without a scanner no file waits for it
        counts |= {"unscanned_files": 0, "scans_late": 0}
    return Overview(
        **counts,
        **held_mail(),
        is_scanner_set=bool(settings.CLAMD_URL),
        legal_names=legal_names_asked()[:LISTED],
        texts_changed=unseen_count(viewer),
        without_representative=list(without_representative()[:LISTED]),
        without_chair=list(without_chair()[:LISTED]),
        charters_ending=list(ending[:LISTED]),
    )
