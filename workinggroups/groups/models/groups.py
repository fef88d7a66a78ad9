"""The working group: its purpose, and who can see it, join it and read its work."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.addresses.kinds import with_address
from common.addresses.models import AddressField
from common.identifiers import new_uuid
from common.names import SortedByName, name_index
from common.vocabulary.models import FocusArea
from workinggroups.groups.choices import Admission, Content, GroupKind, GroupState, Listing
from workinggroups.groups.models.charters import CharterVersion


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Groups whose profile this viewer can see.

        Only its members see a secret group, and staff who have opened it (break-glass). The list for
        staff shows nothing of it but id, chair and dates.
        """
        seen = Q(listing=Listing.PUBLIC)
        if viewer.in_alliance:
            seen |= Q(listing=Listing.ALLIANCE)
        inside = viewer.group_ids | viewer.break_glass_ids
        if inside:
            seen |= Q(pk__in=inside)
        return self.filter(seen)

    def at_address(self, slug: str) -> Self:
        """The group that has or had this address."""
        return self.filter(uuid__in=with_address("group", slug))

    def running(self) -> Self:
        """Groups that have not concluded."""
        return self.exclude(state=GroupState.CONCLUDED)

    def with_charter(self) -> Self:
        """Annotate `charter_number` and `charter_until` of the charter in force; None without one."""
        in_force = CharterVersion.objects.in_force().filter(group=OuterRef("pk"))
        return self.annotate(
            charter_number=Subquery(in_force.values("number")[:1]),
            charter_until=Subquery(in_force.values("expires_on")[:1]),
        )


class Group(SortedByName):
    """A group of people from several organizations with a chartered purpose."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    slug = AddressField()
    # The first address, if the group has another one now: see `list_name`.
    first_slug = models.CharField(max_length=80, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=16, choices=GroupKind.choices, default=GroupKind.WORKING_GROUP
    )
    purpose = models.TextField(_("purpose"), max_length=600)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, verbose_name=_("focus area"), related_name="+"
    )
    listing = models.CharField(
        _("visible to"), max_length=16, choices=Listing.choices, default=Listing.PUBLIC
    )
    admission = models.CharField(
        _("how to join"), max_length=16, choices=Admission.choices, default=Admission.OPEN
    )
    content = models.CharField(
        _("readable by"), max_length=16, choices=Content.choices, default=Content.ALLIANCE
    )
    state = models.CharField(
        _("state"), max_length=16, choices=GroupState.choices, default=GroupState.FORMING
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    # Kept by a trigger, whatever changes the row.
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    # Annotated by `with_charter`.
    charter_number: int | None
    charter_until: date | None

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            # A group's content is not readable by people who cannot see the group.
            models.CheckConstraint(
                condition=~Q(listing="members", content="alliance"),
                name="group_secret_keeps_its_content",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="group_sort"),
            name_index("group_names"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.slug])

    @property
    def list_name(self) -> str:
        """The name in the List-Id of the group's mails; never changes, so that filters keep working."""
        return self.first_slug or self.slug

    @property
    def is_secret(self) -> bool:
        return self.listing == Listing.MEMBERS

    @property
    def content_level(self) -> Level:
        """The level of what the group writes now."""
        return Level.ALLIANCE if self.content == Content.ALLIANCE else Level.MEMBERS

    @property
    def profile_level(self) -> Level:
        """The level of the group's profile: its name, purpose, officers and charter in force."""
        return {
            Listing.PUBLIC.value: Level.PUBLIC,
            Listing.ALLIANCE.value: Level.ALLIANCE,
            Listing.MEMBERS.value: Level.MEMBERS,
        }[self.listing]
