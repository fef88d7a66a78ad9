from django.urls import path

from catalogue import views

WORK = "catalogue/<slug:identifier>/"
VERSION = f"{WORK}<str:number>/"

urlpatterns = [
    path(".well-known/security.txt", views.security, name="security"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/feed.atom", views.atom, name="feed"),
    path("catalogue/elsewhere/new/", views.add, name="outside-entry-new"),
    path("catalogue/elsewhere/<uuid:uuid>/", views.entry, name="outside-entry"),
    path("catalogue/elsewhere/<uuid:uuid>/edit/", views.edit, name="outside-entry-edit"),
    path("catalogue/elsewhere/<uuid:uuid>/retire/", views.retire, name="outside-entry-retire"),
    path(f"{VERSION}text/", views.full_text, name="publication-text"),
    path(f"{VERSION}text.md", views.text_source, name="publication-source"),
    path(f"{VERSION}SHA256SUMS", views.manifest, name="publication-manifest"),
    path(f"{VERSION}cite.<slug:ending>", views.cite, name="publication-cite"),
    path(f"{VERSION}withdraw/", views.withdraw, name="publication-withdraw"),
    path(f"{VERSION}figures/<str:name>", views.figure, name="publication-figure"),
    path(f"{VERSION}files/<str:name>", views.download, name="publication-file"),
]
