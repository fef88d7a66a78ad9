"""What becomes of deliverables when their group concludes. The caller holds the group's lock."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from members.people.models import Person
from workinggroups.deliverables.actions.drafting import drop_all
from workinggroups.deliverables.actions.reviewing import end_reviews
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable
from workinggroups.groups.models import Group
from workinggroups.groups.open_work import LISTED_MOST, Choice, OpenKind, OpenObject, register

KEEP, DROP = "keep", "drop"
UNPUBLISHED = (DeliverableState.DRAFT, DeliverableState.REVIEW, DeliverableState.APPROVED)


class OpenReviews(OpenKind):
    name, label = "reviews", gettext_lazy("Deliverables in review")
    outcome = gettext_lazy("The reviews end without approval. All comments stay on the page.")

    def count(self, group: Group) -> int:
        return _in_review(group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        return _listed(_in_review(group), viewer)

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        # Opening a review locks the deliverable: none is opened after this.
        rows = Deliverable.objects.filter(group=group).select_for_update(of=("self",), no_key=True)
        list(rows.order_by("pk").values_list("pk"))
        return end_reviews(actor=actor, deliverables=_in_review(group))

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext(
            "%(n)d review ended without approval.", "%(n)d reviews ended without approval.", count
        )
        return words % {"n": count}


class UnpublishedDeliverables(OpenKind):
    """Comes after the reviews, whose deliverables are drafts again."""

    name, label = "deliverables", gettext_lazy("Deliverables that were not published")
    choices = (
        Choice(KEEP, gettext_lazy("Leave them as drafts")),
        Choice(DROP, gettext_lazy("Mark them as dropped")),
    )

    def count(self, group: Group) -> int:
        return _unpublished(group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        return _listed(_unpublished(group), viewer)

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        unpublished = _unpublished(group)
        if choice == DROP:
            return drop_all(actor=actor, deliverables=unpublished)
        return unpublished.count()

    def sentence(self, choice: str, count: int) -> str:
        words = (
            ngettext("%(n)d deliverable dropped.", "%(n)d deliverables dropped.", count)
            if choice == DROP
            else ngettext(
                "%(n)d deliverable was not published.",
                "%(n)d deliverables were not published.",
                count,
            )
        )
        return words % {"n": count}


def _in_review(group: Group) -> "QuerySet[Deliverable]":
    return Deliverable.objects.filter(group=group, state=DeliverableState.REVIEW)


def _unpublished(group: Group) -> "QuerySet[Deliverable]":
    return Deliverable.objects.filter(group=group, state__in=UNPUBLISHED, identifier=None)


def _listed(rows: "QuerySet[Deliverable]", viewer: Viewer) -> list[OpenObject]:
    readable = rows.filter(pk__in=Deliverable.objects.visible_to(viewer).values("pk"))
    shown = readable.select_related("group").order_by("number")[:LISTED_MOST]
    return [OpenObject(each.title, each.get_absolute_url()) for each in shown]


def register_open_kinds() -> None:
    """Called from `apps.ready`."""
    register(OpenReviews(), UnpublishedDeliverables())
