"""Comparisons of two texts in the API."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.serializers import StrictSerializer


class ComparisonSerializer(serializers.Serializer[dict[str, object]]):
    """The changes from an earlier text to a later one: `<del>` and `<ins>` mark the words.

    While a worker compares two long texts, `is_preparing` is true, `html` is null and the status
    is 202: ask again in a few seconds.
    """

    before = serializers.IntegerField(
        allow_null=True, help_text="The number of the earlier text; null if there is none."
    )
    after = serializers.IntegerField()
    is_preparing = serializers.BooleanField()
    html = serializers.CharField(allow_null=True)


class ComparedSerializer(StrictSerializer):
    """Which two texts to compare; by default, the latest and the one before it."""

    before = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    after = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


def compared_numbers(request: Request) -> dict[str, int]:
    """Return `before` and `after` where the query has them. Raises ValidationError."""
    query = ComparedSerializer(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def comparison_response(before: int | None, after: int, html: str | None) -> Response:
    """Return the response for two texts; `html` is None while their comparison is made."""
    comparison: dict[str, object] = {
        "before": before,
        "after": after,
        "is_preparing": html is None,
        "html": html,
    }
    return Response(ComparisonSerializer(comparison).data, status=202 if html is None else 200)
