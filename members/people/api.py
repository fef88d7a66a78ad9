"""One's own account, as the API shows it."""

from typing import Any, cast

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.access import SignedIn
from common.api.serializers import StrictModelSerializer
from members.people.models import Person


class PersonSerializer(StrictModelSerializer[Person]):
    """A person as others name it: never an address."""

    class Meta:
        model = Person
        fields = ["uuid", "name"]
        read_only_fields = fields


class MeSerializer(StrictModelSerializer[Person]):
    """The person whose session or token calls. Changed on the site only."""

    time_zone = serializers.CharField(source="zone", read_only=True)
    language = serializers.CharField(source="locale", read_only=True)

    class Meta:
        model = Person
        fields = ["uuid", "name", "email", "time_zone", "language", "in_directory", "joined_at"]
        read_only_fields = fields


class Me(APIView):
    """Who is calling: a first call to see that a token works."""

    permission_classes = [SignedIn]
    serializer_class = MeSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(MeSerializer(cast(Person, request.user)).data)


urlpatterns = [path("me/", Me.as_view(), name="api-me")]
