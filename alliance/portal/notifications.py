"""The notification of an infected file, to staff and to the person who uploaded it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.portal.failed_files import ShownFile, infected_files, shown_files
from common.access import Viewer
from common.files.models import StoredFile
from common.files.scanning import on_infected
from members.people.models import Person
from notifications.actions import notify
from notifications.choices import Category
from notifications.registry import register
from notifications.types import NotificationContent, NotificationType
from workinggroups.attachments.models import Attachment
from workinggroups.deliverables.models import Revision


@dataclass(frozen=True, kw_only=True)
class VirusFound(NotificationType[ShownFile]):
    name = "virus_found"
    label = gettext_lazy("A virus is found in an uploaded file")
    category = Category.GROUPS
    mandatory = True

    file: str

    def recipients(self) -> QuerySet[Person]:
        file = UUID(self.file)
        uploaded = Q(pk__in=Attachment.objects.filter(stored=file).values("added_by")) | Q(
            pk__in=Revision.objects.filter(files__stored=file).values("author")
        )
        return Person.objects.active().filter(Q(is_staff=True) | uploaded)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> dict[NotificationType[ShownFile], ShownFile]:
        """Return the files that are still infected, for their readers and for staff."""
        listed = list(payloads)
        infected = infected_files().filter(pk__in={UUID(each.file) for each in listed})
        files = {
            str(file.stored.pk): file
            for file in shown_files(list(infected), viewer)
            if file.is_readable or viewer.is_staff
        }
        return {each: files[each.file] for each in listed if each.file in files}

    def content(self, file: ShownFile, viewer: Viewer) -> NotificationContent:
        """Leave out the file's name for staff who cannot read it."""
        return NotificationContent(
            title=_("A virus was found in %(file)s")
            % {"file": file.name or _("a file of a group")},
            url=page_url(file, viewer),
            why=_("because you are staff") if viewer.is_staff else _("because you uploaded it"),
            detail=_("Nobody can download it. Remove it and upload a clean copy."),
            group_name=str(file.group or ""),
        )


def page_url(file: ShownFile, viewer: Viewer) -> str:
    """Return the page where the reader can do something about the file."""
    if viewer.is_staff:
        return f"{reverse('staff-files')}?show=infected"
    return file.group.get_absolute_url() if file.group else reverse("my-work")


def notify_of_virus(stored: StoredFile) -> None:
    """Notify once for each file. Called in the transaction that marks it as infected."""
    notify(VirusFound(file=str(stored.pk)), cause=str(stored.pk))


def register_notifications() -> None:
    on_infected(notify_of_virus)
    register(VirusFound)
