"""Every address of the site: one include per room, in floor order."""

from django.urls import URLPattern, URLResolver, path

from common.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
