from workinggroups.decisions.choices import DecisionState
from workinggroups.groups.content import GroupContentQuerySet


class DecisionQuerySet(GroupContentQuerySet):
    def standing(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.STANDING)

    def latest_first(self) -> "DecisionQuerySet":
        return self.order_by("-decided_at", "-pk")
