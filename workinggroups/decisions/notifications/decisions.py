"""What the members of a group are notified of by its register of decisions."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.people.models import Person
from notifications.choices import Category
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.decisions.models import Decision
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading


@dataclass(frozen=True, kw_only=True)
class DecisionRecorded(SharedNotification[Decision]):
    name = "decision_recorded"
    label = gettext_lazy("Decision recorded")
    category = Category.DECISIONS
    target_field = "decision"

    group: int
    decision: int

    def recipients(self) -> QuerySet[Person]:
        return members_reading(Decision.objects.filter(pk=self.decision).first())

    @classmethod
    def rows(cls) -> QuerySet[Decision]:
        decisions: QuerySet[Decision] = Decision.objects.select_related("group")
        return decisions

    def shared_content(self, decision: Decision, zone: str) -> NotificationContent:
        title = _("Rejected: %(title)s") if decision.is_rejected else _("Decided: %(title)s")
        facts = {"number": decision.number, "method": decision.get_method_display().lower()}
        detail = _("D-%(number)d, %(method)s") % facts
        if counts := decision.tally.words:
            detail = _("%(detail)s: %(counts)s") % {"detail": detail, "counts": counts}
        return content_in(
            decision.group,
            title=title % {"title": decision.title},
            url=decision.get_absolute_url(),
            detail=detail,
            thread_key=f"decision:{decision.uuid}",
            subject=decision.title,
        )
