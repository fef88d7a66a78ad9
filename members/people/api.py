"""The API's view of people and of the caller's own account."""

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.access import SignedIn
from common.api.serializers import StrictModelSerializer
from members.people.models import Person


class PersonSerializer(StrictModelSerializer[Person]):
    """A person as others see them, without any address."""

    class Meta:
        model = Person
        fields = ["uuid", "name"]


class MeSerializer(StrictModelSerializer[Person]):
    """The person whose session or token calls. Settings are changed on the site only."""

    time_zone = serializers.CharField(source="zone", read_only=True)
    language = serializers.CharField(source="locale", read_only=True)

    class Meta:
        model = Person
        fields = ["uuid", "name", "email", "time_zone", "language", "in_directory", "joined_at"]


class Me(APIView):
    """Return the caller. Useful as a first call, to see that a token works."""

    permission_classes = [SignedIn]
    serializer_class = MeSerializer

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        assert isinstance(request.user, Person)  # SignedIn
        return Response(MeSerializer(request.user).data)


urlpatterns = [path("me/", Me.as_view(), name="api-me")]
