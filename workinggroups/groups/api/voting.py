"""How a group votes, as the API answers it."""

from rest_framework import serializers

from common.api.serializers import StrictSerializer
from workinggroups.groups.choices import (
    Approval,
    LapsedVotes,
    Overruling,
    VoteBase,
    VotesShown,
    VotingQuorum,
    VotingUnit,
)


class VotingRulesSerializer(StrictSerializer):
    """The rules of ballots; docs/voting-rules.md explains each. Percentages of 33 and 67 are thirds."""

    unit = serializers.ChoiceField(VotingUnit.choices)
    approval = serializers.ChoiceField(Approval.choices)
    base = serializers.ChoiceField(VoteBase.choices)
    silence_is_consent = serializers.BooleanField()
    quorum = serializers.ChoiceField(VotingQuorum.choices)
    attending_meetings = serializers.IntegerField(allow_null=True)
    attending_needed = serializers.IntegerField(allow_null=True)
    abstain_limit_percent = serializers.IntegerField(allow_null=True)
    category_limit_percent = serializers.IntegerField(allow_null=True)
    cap_percent = serializers.IntegerField(allow_null=True)
    seats_per_employer = serializers.IntegerField(allow_null=True)
    one_vote_per_related_group = serializers.BooleanField()
    notice_days = serializers.IntegerField()
    open_days = serializers.IntegerField()
    extension_days = serializers.IntegerField(allow_null=True)
    discuss_days = serializers.IntegerField(allow_null=True)
    discuss_overruled_by = serializers.ChoiceField(Overruling.choices, allow_null=True)
    shows = serializers.ChoiceField(VotesShown.choices)
    lapsed_votes = serializers.ChoiceField(LapsedVotes.choices)
    reminder_days = serializers.ListField(child=serializers.IntegerField())
