from django.urls import URLPattern, path

from common.drafts import views

urlpatterns: list[URLPattern] = [
    path("drafts/save/", views.save, name="draft-save"),
    path("drafts/token/", views.token, name="draft-token"),
    path("drafts/preview/", views.preview, name="text-preview"),
    path("my/drafts/", views.drafts, name="drafts"),
    path("my/drafts/<uuid:uuid>/", views.draft, name="draft"),
    path("my/drafts/<uuid:uuid>/discard/", views.discard, name="draft-discard"),
]
