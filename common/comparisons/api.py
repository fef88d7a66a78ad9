"""What differs between two texts, as the API answers it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.serializers import StrictSerializer


class ComparisonSerializer(serializers.Serializer[Any]):
    """What a text changed of an earlier one: `<del>` and `<ins>` mark the words.

    While a worker compares two long texts, `is_preparing` is true, `html` is null and the status
    is 202: ask again in a few seconds.
    """

    before = serializers.IntegerField(
        allow_null=True, help_text="The number of the earlier text; null where there is none."
    )
    after = serializers.IntegerField()
    is_preparing = serializers.BooleanField()
    html = serializers.CharField(allow_null=True)


class ComparedSerializer(StrictSerializer):
    """Which text to compare with which: without numbers, the latest with the one before it."""

    before = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    after = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


def compared_numbers(request: Request) -> dict[str, int]:
    """`before` and `after`, as far as the query has them. Raises ValidationError for odd values."""
    query = ComparedSerializer(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def comparison_response(before: int | None, after: int, html: str | None) -> Response:
    """The answer for two texts and what differs; `html` is None while that is made."""
    comparison = {"before": before, "after": after, "is_preparing": html is None, "html": html}
    return Response(ComparisonSerializer(comparison).data, status=202 if html is None else 200)
