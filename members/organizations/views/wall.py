"""The public list of members, as a wall, a table and a file."""

from django.http import HttpResponse
from django.shortcuts import render

from common.web.requests import Request
from common.web.views import methods
from members.organizations import csv_files, queries
from members.organizations.forms import WallForm
from members.organizations.models import Organization


@methods("GET")
def wall(request: Request) -> HttpResponse:
    """Members by kind; narrowed by any name, country or kind; also as a table."""
    form = WallForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    words, country = asked.get("q", "").strip(), asked.get("country", "").upper()
    section = asked.get("kind", "")
    context = {
        "wall": queries.wall(words=words, country=country, section=section),
        "words": words,
        "country": country,
        "section": section,
        "is_narrowed": bool(words or country or section),
        "is_table": asked.get("view") == "table",
    }
    fragment = request.htmx and not request.htmx.boosted
    template = "organizations/_wall.html" if fragment else "organizations/wall.html"
    return render(request, template, context)


@methods("GET")
def wall_csv(request: Request) -> HttpResponse:
    """The public facts of all members as CSV."""
    response = HttpResponse(
        csv_files.write(Organization.objects.members()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    return response
