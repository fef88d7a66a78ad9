"""Search in the API."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alliance.portal.search_results import ResultRow, SearchResults, sections
from alliance.portal.views.search import find_for
from common.api.access import Anybody
from common.api.problems import check_query
from common.api.viewsets import viewer_of
from common.search.choices import WORDS_MAX_CHARACTERS

LAST_PAGE = 999
# At least one character that is not a space, and no control characters.
WORDS_PATTERN = r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
# The length is counted without repeated spaces.
WORDS = {
    "type": "string",
    "minLength": 1,
    "maxLength": WORDS_MAX_CHARACTERS,
    "pattern": WORDS_PATTERN,
}


class ResultSerializer(serializers.Serializer[ResultRow]):
    """One result. `title` and `excerpt` are HTML: escaped, with the matches in <mark>."""

    kind = serializers.CharField(source="hit.kind")
    uuid = serializers.UUIDField(source="hit.uuid")
    path = serializers.CharField(source="hit.url")
    plain_title = serializers.CharField(source="hit.plain_title")
    title = serializers.CharField(source="hit.title")
    excerpt = serializers.CharField(source="hit.excerpt")
    group = serializers.CharField(source="group_name")
    at = serializers.DateTimeField(source="hit.at")


# Generated clients have a class of this name.
@extend_schema_serializer(component_name="Found")
class SearchResultsSerializer(serializers.Serializer[SearchResults]):
    """A page of results.

    `more_than` is true if there are more results than `count`; `guessed` if no result has the words
    and similar titles are shown instead. `did_you_mean` is a better spelling of the words, or
    empty. `ignored` are words that are too common to search for.
    """

    count = serializers.IntegerField(source="total")
    more_than = serializers.BooleanField()
    guessed = serializers.BooleanField()
    did_you_mean = serializers.CharField()
    ignored = serializers.ListField(child=serializers.CharField())
    counts = serializers.DictField(child=serializers.IntegerField(), source="counts_by_key")
    has_next = serializers.BooleanField()
    results = ResultSerializer(many=True, source="lines")


class SearchView(APIView):
    """The best matches for the words among what the caller can read."""

    permission_classes = [Anybody]
    serializer_class = SearchResultsSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("q", WORDS, required=True),
            OpenApiParameter("in", OpenApiTypes.STR, enum=["", *sections()]),
            OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}),
        ],
        responses=SearchResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        check_query(request, "q", "in", "page")
        words = " ".join(request.query_params.get("q", "").split())
        if not words or len(words) > WORDS_MAX_CHARACTERS:
            raise serializers.ValidationError(
                {"q": [f"Enter 1 to {WORDS_MAX_CHARACTERS} characters to search for."]}
            )
        key, page = request.query_params.get("in", ""), request.query_params.get("page", "1")
        if key and key not in sections():
            raise serializers.ValidationError({"in": [f"One of {', '.join(sections())}."]})
        if not (page.isascii() and page.isdigit() and len(page) < 4 and int(page)):
            raise serializers.ValidationError({"page": [f"A whole number from 1 to {LAST_PAGE}."]})
        section = sections().get(key)
        results = find_for(request._request, viewer_of(request), words, section, int(page))
        return Response(SearchResultsSerializer(results).data)


urlpatterns = [path("search/", SearchView.as_view(), name="api-search")]
