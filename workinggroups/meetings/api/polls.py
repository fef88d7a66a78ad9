"""Polls for a time: reading them, and saying when you can meet."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import LocalTimeField, StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, by_address, one_of, viewer_of
from members.people.requests import caller_of
from workinggroups.meetings.actions.polls import answer_poll
from workinggroups.meetings.choices import POLL_MAX_OPTIONS, Availability, PollState
from workinggroups.meetings.models import OptionAnswer, TimeOption, TimePoll
from workinggroups.meetings.queries.polls import Tally, tallies_of


class TimeOptionSerializer(StrictModelSerializer[TimeOption]):
    """A proposed time, with the counts of the answers and your own."""

    local_time = LocalTimeField(read_only=True, help_text="In the time zone of the poll.")
    yes = serializers.IntegerField(read_only=True, help_text="How many people answered this.")
    if_needed = serializers.IntegerField(read_only=True)
    no = serializers.IntegerField(read_only=True)
    own_answer = serializers.ChoiceField(
        choices=Availability.choices,
        read_only=True,
        allow_blank=True,
        help_text="Your own; empty without one.",
    )

    class Meta:
        model = TimeOption
        fields = [
            "uuid",
            "starts_at",
            "local_date",
            "local_time",
            "is_chosen",
            "yes",
            "if_needed",
            "no",
            "own_answer",
        ]
        read_only_fields = fields


class TimePollSerializer(StrictModelSerializer[TimePoll]):
    """A poll for a time. One with a `frequency` is for a series, of which it proposes first meetings."""

    group = serializers.CharField(source="group.slug", read_only=True)
    frequency = serializers.CharField(
        read_only=True, help_text="As of a series; empty of a poll for one meeting."
    )
    meeting = serializers.UUIDField(
        source="meeting.uuid", read_only=True, allow_null=True, default=None
    )
    series = serializers.UUIDField(
        source="series.uuid", read_only=True, allow_null=True, default=None
    )
    options = TimeOptionSerializer(many=True, read_only=True)

    class Meta:
        model = TimePoll
        fields = [
            "uuid",
            "group",
            "title",
            "note",
            "state",
            "zone",
            "duration_minutes",
            "frequency",
            "interval",
            "until",
            "answers_due_on",
            "cancelled_reason",
            "meeting",
            "series",
            "options",
        ]
        read_only_fields = fields


class OptionAnswerSerializer(StrictSerializer):
    """Whether you can meet at one proposed time."""

    option = serializers.UUIDField()
    answer = serializers.ChoiceField(choices=Availability.choices)


class PollAnswersSerializer(StrictSerializer):
    """When you can meet. Times that you leave out keep the answer that they have."""

    answers = serializers.ListField(
        child=OptionAnswerSerializer(), min_length=1, max_length=POLL_MAX_OPTIONS
    )


class TimePollViewSet(ReadViewSet[TimePoll]):
    """Polls for a time, of the groups in which you take part."""

    serializer_class = TimePollSerializer
    queryset = TimePoll.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(PollState.values, "state"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[TimePoll]:
        options = Prefetch("options", TimeOption.objects.order_by("starts_at"))
        polls = TimePoll.objects.visible_to(viewer).select_related("group", "meeting", "series")
        return polls.prefetch_related(options)

    def get_object(self) -> TimePoll:
        poll = super().get_object()
        self._count([poll])
        return poll

    def prepare_page(self, rows: Sequence[TimePoll]) -> None:
        super().prepare_page(rows)
        self._count(rows)

    def _count(self, polls: Sequence[TimePoll]) -> None:
        """Set the counts of each proposed time, and the caller's own answers. Two queries."""
        tallies = tallies_of(polls)
        person_id = viewer_of(self.request).person_id
        own = OptionAnswer.objects.filter(person=person_id, option__poll__in=polls)
        answers = dict(own.values_list("option", "answer"))
        for poll in polls:
            for option in poll.options.all():
                tally = tallies.get(option.pk) or Tally()
                option.yes, option.if_needed, option.no = tally.yes, tally.if_needed, tally.no
                option.own_answer = answers.get(option.pk, "")

    @extend_schema(request=PollAnswersSerializer, responses=TimePollSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **kwargs: object) -> Response:
        """Say when you can meet; 409 once a time is chosen or the poll is cancelled."""
        poll = self.get_object()
        form = PollAnswersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answers: dict[UUID, str] = {
            each["option"]: each["answer"] for each in form.validated_data["answers"]
        }
        answer_poll(actor=caller_of(request), poll=poll, answers=answers)
        return Response(TimePollSerializer(self.get_object()).data)
