from django.urls import URLPattern, path

from common.undo import views

urlpatterns: list[URLPattern] = [path("undo/", views.undo, name="undo")]
