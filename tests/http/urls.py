"""Small views that go wrong in each way, for the tests of the answers to it."""

from uuid import UUID

import psycopg2
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, DataError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from common import errors
from common.api.access import SignedIn
from common.api.problems import check_query
from common.api.serializers import StrictSerializer
from common.http.conditional import conditional, etag
from common.http.idempotency import idempotent
from common.http.sign_in_required import login_required
from members.people.models import Person, Session
from members.people.sign_in import sign_in

RAISED: dict[str, Exception] = {
    "not-allowed": errors.NotAllowed("Only the chair can do this."),
    "wrong-state": errors.WrongState("The ballot is closed."),
    "conflict": errors.Conflict("Somebody saved meanwhile."),
    "invalid": errors.Invalid("Type a title.", field="title"),
    "too-many": errors.TooMany("Wait a little.", retry_after=30),
    "denied": PermissionDenied("Staff only."),
    "validation": ValidationError("This is no id."),
    "data": DataError("value too long for type character varying(80)"),
    "database": OperationalError("server closed the connection"),
    "cut-off": DatabaseError("server closed the connection unexpectedly"),
    "valkey": RedisConnectionError("refused"),
    "missing": Http404("the closed group 'secret-plans'"),
    "broken": RuntimeError("password=hunter2"),
}


# As when the database is killed amid a statement.
RAISED["cut-off"].__cause__ = psycopg2.DatabaseError("server closed the connection unexpectedly")


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise RAISED[how]


def fail_in_middleware(request: HttpRequest) -> HttpResponse:
    """The session cannot be saved: an error that no view's exception handling sees."""
    request.session["x"] = 1
    request.session.save = _broken_save  # type: ignore[method-assign]
    return HttpResponse("done")


def _broken_save(must_create: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest) -> HttpResponse:
    return HttpResponse("written: " + request.POST.get("text", ""))


@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """A page that must not be rendered when the reader has it already."""
    return conditional(
        request, etag("thing", 1), lambda: HttpResponse("rendered"), public=True, max_age=60
    )


def join(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What an invitation does once its secret has come back."""
    return sign_in(request, Person.objects.get(uuid=uuid), redirect_url="/settings/")


def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"get": request.GET, "post": request.POST})


class NoteSerializer(StrictSerializer):
    title = serializers.CharField(max_length=20)
    count = serializers.IntegerField(required=False, max_value=1000)


class Closed(APIView):
    def get(self, request: ApiRequest) -> Response:
        return Response({"secret": True})


class Notes(APIView):
    permission_classes = [SignedIn]

    def get(self, request: ApiRequest, how: str = "") -> Response:
        check_query(request, "state")
        if how:
            raise RAISED[how]
        return Response({"person": str(request.user)})

    @idempotent
    def post(self, request: ApiRequest) -> Response:
        note = NoteSerializer(data=request.data)
        note.is_valid(raise_exception=True)
        made = Session.objects.create(
            session_key=f"note-{Session.objects.count()}", expire_date="2030-01-01T00:00:00Z"
        )
        return Response({"made": made.session_key}, status=201)


urlpatterns = [
    path("fail/<slug:how>/", fail),
    path("fail-in-middleware/", fail_in_middleware),
    path("write/", write),
    path("read/", read),
    path("echo/", echo),
    path("test-join/<uuid:uuid>/", join),
    path("api/v1/closed/", Closed.as_view()),
    path("api/v1/notes/", Notes.as_view()),
    path("api/v1/notes/<slug:how>/", Notes.as_view()),
    path("api/v1/page/", write),
    path("", include("alliance.urls")),
]

handler400 = "common.http.errors.bad_request"
handler403 = "common.http.errors.permission_denied"
handler404 = "common.http.errors.page_not_found"
handler500 = "common.http.errors.server_error"
