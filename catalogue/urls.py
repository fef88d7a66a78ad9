from django.urls import path

from catalogue.views import catalogue_results, external_works, files, machines, publications

WORK = "catalogue/<slug:identifier>/"
VERSION = f"{WORK}<str:number>/"
ENTRY = "catalogue/elsewhere/<uuid:uuid>/"

urlpatterns = [
    path(".well-known/security.txt", machines.security, name="security"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("catalogue/", catalogue_results.catalogue, name="catalogue"),
    path("catalogue/feed.atom", machines.atom, name="feed"),
    path("catalogue/elsewhere/new/", external_works.add, name="outside-entry-new"),
    path(ENTRY, external_works.entry, name="outside-entry"),
    path(f"{ENTRY}edit/", external_works.edit, name="outside-entry-edit"),
    path(f"{ENTRY}retire/", external_works.retire, name="outside-entry-retire"),
    path(f"{VERSION}text/", publications.full_text, name="publication-text"),
    path(f"{VERSION}text.md", files.text_source, name="publication-source"),
    path(f"{VERSION}SHA256SUMS", files.manifest, name="publication-manifest"),
    path(f"{VERSION}cite.<slug:ending>", publications.cite, name="publication-cite"),
    path(f"{VERSION}withdraw/", publications.withdraw, name="publication-withdraw"),
    path(f"{VERSION}figures/<str:name>", files.figure, name="publication-figure"),
    path(f"{VERSION}files/<str:name>", files.download, name="publication-file"),
]
