"""What is told of files that the virus scanner stopped: to staff, and to whoever uploaded them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.desk.failed_files import ShownFile, infected_files, shown
from common.access import Viewer
from common.files.models import StoredFile
from common.files.scanning import when_found
from members.people.models import Person
from notifications.actions import announce
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.attachments.models import Attachment
from workinggroups.deliverables.models import Revision

VIRUS_FOUND = "virus_found"


def tell_of_virus(stored: StoredFile) -> None:
    """One event for each file; must be called in the transaction that marks it as infected."""
    announce(
        kind=VIRUS_FOUND, dedupe_key=f"{VIRUS_FOUND}:{stored.pk}", ref={"file": str(stored.pk)}
    )


def staff_and_uploader(event: Event) -> QuerySet[Person]:
    file = event.ref["file"]
    uploaded = Q(pk__in=Attachment.objects.filter(stored=file).values("added_by")) | Q(
        pk__in=Revision.objects.filter(files__stored=file).values("author")
    )
    return Person.objects.active().filter(Q(is_staff=True) | uploaded)


def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    """Named for readers of the file, and without its name for staff who may not read it; nothing of
    a file that was removed since."""
    listed = list(events)
    files = infected_files().filter(pk__in={UUID(event.ref["file"]) for event in listed})
    found = {str(file.stored.pk): file for file in shown(list(files), viewer)}
    told: dict[int, Line] = {}
    for event in listed:
        file = found.get(event.ref["file"])
        if file is None or not (file.is_readable or viewer.is_staff):
            continue
        name = file.name or _("a file of a group")
        told[event.pk] = Line(
            title=_("A virus was found in %(file)s") % {"file": name},
            url=_page_of(file, viewer),
            why=_("because you are staff") if viewer.is_staff else _("because you uploaded it"),
            detail=_("Nobody can download it. Remove it, and upload a clean copy."),
            group_name=str(file.group or ""),
        )
    return told


def _page_of(file: ShownFile, viewer: Viewer) -> str:
    """Where the reader can do something about it."""
    if viewer.is_staff:
        return f"{reverse('staff-files')}?show=infected"
    return file.group.get_absolute_url() if file.group else reverse("my-work")


def register_kinds() -> None:
    when_found(tell_of_virus)
    register(
        Kind(
            name=VIRUS_FOUND,
            label=gettext_lazy("A virus is found in a file"),
            topic=gettext_lazy("Your groups"),
            audience=staff_and_uploader,
            lines=lines,
            mandatory=True,
        )
    )
