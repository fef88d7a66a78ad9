"""All addresses of the site: one include for each app, lowest layer first."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from common.http import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("common.mail.urls")),
    path("", include("common.drafts.urls")),
    path("", include("common.undo.urls")),
    path("", include("members.people.urls")),
    path("", include("notifications.urls")),
    path("", include("members.organizations.urls")),
    path("", include("members.onboarding.urls")),
    path("", include("workinggroups.groups.urls")),
    path("", include("workinggroups.attachments.urls")),
    path("", include("workinggroups.discussion.urls")),
    path("", include("workinggroups.meetings.urls")),
    path("", include("workinggroups.decisions.urls")),
    path("", include("workinggroups.deliverables.urls")),
    path("", include("catalogue.urls")),
    path("", include("alliance.portal.urls")),
    path("api/v1/", include("alliance.api")),
]
if apps.is_installed("demo"):
    urlpatterns.append(path("", include("demo.urls")))

handler400 = "common.http.errors.bad_request"
handler403 = "common.http.errors.permission_denied"
handler404 = "common.http.errors.page_not_found"
handler429 = "common.http.errors.too_many"
handler500 = "common.http.errors.server_error"
