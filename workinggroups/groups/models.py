"""The working group, its charter, the people in it and the offices they hold."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import days
from common.access import Level
from common.addresses.models import AddressField
from common.identifiers import new_uuid
from common.names import SortedByName, name_index
from common.text.rendered import RenderedText
from common.times import has_passed, since
from common.vocabulary.models import FocusArea
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import (
    ActionItemState,
    Admission,
    CharterState,
    Content,
    GroupKind,
    GroupState,
    InvitationState,
    Listing,
    MilestoneState,
    OfficeKind,
    ParticipationLevel,
    RequestState,
)
from workinggroups.groups.content import GroupContent
from workinggroups.groups.querysets import (
    ActionItemQuerySet,
    AdmissionRequestQuerySet,
    BreakGlassQuerySet,
    CharterVersionQuerySet,
    GroupInvitationQuerySet,
    GroupQuerySet,
    OfficeQuerySet,
    ParticipationQuerySet,
)


class Group(SortedByName):
    """A group of people from several organizations with a chartered purpose."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    slug = AddressField()
    # The address it had when its first mails went out, where it has another now.
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
        _("who knows of it"), max_length=16, choices=Listing.choices, default=Listing.PUBLIC
    )
    admission = models.CharField(
        _("how one joins"), max_length=16, choices=Admission.choices, default=Admission.OPEN
    )
    content = models.CharField(
        _("who reads its work"), max_length=16, choices=Content.choices, default=Content.ALLIANCE
    )
    state = models.CharField(
        _("state"), max_length=16, choices=GroupState.choices, default=GroupState.FORMING
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    # Kept by a trigger, whatever changes the row.
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    concluded_at = models.DateTimeField(null=True, blank=True)

    # Annotated by `with_charter`.
    charter_number: int | None
    charter_until: date | None

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            # Nothing inside is seen by more people than the group itself.
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
        """What the List-Id of its mails is made of: it never changes, so that filters go on."""
        return self.first_slug or self.slug

    @property
    def is_secret(self) -> bool:
        return self.listing == Listing.MEMBERS

    @property
    def content_level(self) -> Level:
        """The level that what the group writes now has from its beginning."""
        return Level.ALLIANCE if self.content == Content.ALLIANCE else Level.MEMBERS

    @property
    def card_level(self) -> Level:
        """The level of the group's card: its name, purpose, officers and charter in force."""
        return {
            Listing.PUBLIC.value: Level.PUBLIC,
            Listing.ALLIANCE.value: Level.ALLIANCE,
            Listing.MEMBERS.value: Level.MEMBERS,
        }[self.listing]


class CharterVersion(RenderedText):
    """One text of the charter; at most one is in force at any moment."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16, choices=CharterState.choices, default=CharterState.DRAFT
    )
    source = models.TextField()
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    during = DateTimeRangeField(null=True, blank=True)

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="charter_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", during__isnull=True)
                | Q(state="adopted", during__isnull=False),
                name="charter_adopted_has_a_time",
            ),
            ExclusionConstraint(
                name="charter_one_in_force",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="adopted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, charter {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("group-charter-version", args=[self.group.slug, self.number])


class Participation(models.Model):
    """A person takes part in a group, on whose behalf and at which level, for a time."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    during = DateTimeRangeField(default=since)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="participation_once_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"


class Office(models.Model):
    """A person holds an office in a group for a time; it acts only while the seat does."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="offices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    office = models.CharField(max_length=16, choices=OfficeKind.choices)
    during = DateTimeRangeField(default=since)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="office_once_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_office_display()} of {self.group}"


class AdmissionRequest(models.Model):
    """A person asks to be admitted to a group; its chairs answer once."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="admission_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="admission_requests")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    note = models.TextField(_("a word to the chairs"), blank=True, max_length=1000)
    state = models.CharField(max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=1000)

    objects = AdmissionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(state="open"),
                name="admission_request_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} to {self.group}"


class GroupInvitation(models.Model):
    """An address is asked into a group; whoever has confirmed the address answers once.

    Nothing here says whether the address belonged to an account when it was typed.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="invitations")
    # In its one spelling (`common/mail/spelling.py`).
    address = models.EmailField(_("e-mail address"))
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    state = models.CharField(
        max_length=16, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # Who accepted or declined it; nobody while it is open, and for one that was withdrawn.
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GroupInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "address"],
                condition=Q(state="open"),
                name="group_invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "declined"], answered_by__isnull=False)
                | Q(state__in=["open", "withdrawn"], answered_by__isnull=True),
                name="group_invitation_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["address", "state"], name="group_invitation_address")]

    def __str__(self) -> str:
        return f"{self.address} to {self.group}"

    def get_absolute_url(self) -> str:
        """Where the invited person answers."""
        return reverse("group-invitation", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.OPEN and not has_passed(self.expires_at)


class BreakGlass(models.Model):
    """Staff opened a group's private content, with a reason and for at most an hour; chairs are told."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="break_glasses")
    reason = models.TextField(max_length=1000)
    during = DateTimeRangeField()

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="break_glass_once_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} into {self.group}"


class BreakGlassRead(models.Model):
    """What was read during one opening, by its address: once, however often it was looked at."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    opening = models.ForeignKey(BreakGlass, models.PROTECT, related_name="reads")
    address = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "address"], name="break_glass_read_once")
        ]

    def __str__(self) -> str:
        return self.address


class Milestone(models.Model):
    """A dated promise of the group."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="milestones")
    # Who reads it: what the group's content was for when it was planned.
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBERS)
    title = models.CharField(_("title"), max_length=160)
    due_on = models.DateField(_("due"))
    state = models.CharField(
        max_length=16, choices=MilestoneState.choices, default=MilestoneState.PLANNED
    )
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Planned for a day that is over everywhere."""
        return self.state == MilestoneState.PLANNED and days.is_over(self.due_on)


class Seat(models.Model):
    """A person's effective place in a group now (a database view, never written).

    Source of the rule: participation, affiliation and membership are all current; an invited
    expert needs no membership. The one truth behind `visible_to` and `readers_of`.
    """

    id = models.TextField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    group = models.ForeignKey(Group, models.DO_NOTHING, related_name="seats")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, null=True, related_name="+")
    level = models.CharField(max_length=16)
    read_only = models.BooleanField()
    is_chair = models.BooleanField()

    # Annotated by `queries.roster`.
    offices: list[str]

    class Meta:
        managed = False
        db_table = "groups_seat"

    def __str__(self) -> str:
        return self.id


class ActionItem(GroupContent):
    """Somebody in the group does something by a day; it may come from a line of the minutes."""

    # Set by views for the template: whether the reader may change it.
    can_change: bool

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="action_items"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        max_length=16, choices=ActionItemState.choices, default=ActionItemState.OPEN
    )
    source_kind = models.CharField(max_length=32, blank=True)
    source_uuid = models.UUIDField(null=True, blank=True)
    source_line = models.CharField(max_length=32, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="action_item_number_once"),
            models.UniqueConstraint(
                fields=["source_uuid", "source_line"],
                condition=Q(source_uuid__isnull=False),
                name="action_item_once_per_line",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="action_item_owner"),
            models.Index(fields=["group", "state", "due_on"], name="action_item_group"),
        ]

    def __str__(self) -> str:
        return f"A-{self.number} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("action-item", args=[self.group.slug, self.number])

    @property
    def is_late(self) -> bool:
        """Open, and due on a day that is over everywhere."""
        return self.state == ActionItemState.OPEN and days.is_over(self.due_on)
