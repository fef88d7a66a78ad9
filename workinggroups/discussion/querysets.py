from workinggroups.groups.content import GroupContentQuerySet


class TopicQuerySet(GroupContentQuerySet):
    def latest_first(self) -> "TopicQuerySet":
        """The topic somebody wrote in last stands first."""
        return self.order_by("-last_post_at", "-pk")
