"""The API: the addresses of each app, lowest layer first, and the schema (OpenAPI 3.1)."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from alliance import api_schema  # noqa: F401 - registers the token scheme
from common.api.access import Anybody

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("common.drafts.api")),
    path("", include("members.people.api")),
    path("", include("notifications.api")),
    path("", include("members.organizations.api")),
    path("", include("workinggroups.groups.api")),
    path("", include("workinggroups.attachments.api")),
    path("", include("workinggroups.discussion.api")),
    path("", include("workinggroups.meetings.api")),
    path("", include("workinggroups.decisions.api")),
    path("", include("workinggroups.deliverables.api")),
    path("", include("alliance.portal.api")),
    path("", include("alliance.portal.search_api")),
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[Anybody]),
        name="api-schema",
    ),
]
