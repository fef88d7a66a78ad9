"""The public list of members, as a grid of names, a table and a file."""

from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.files.responses import made_file
from common.http.public_pages import public_page
from common.http.requests import Request
from members.organizations import csv_files, queries
from members.organizations.forms import MemberListForm
from members.organizations.models import Organization


@public_page
@require_safe
def member_list(request: Request) -> HttpResponse:
    """Show members by kind, filtered by name, country or kind, as a grid or a table."""
    form = MemberListForm(request.GET)
    form.is_valid()
    filters = form.cleaned_data
    words, country = filters.get("q", "").strip(), filters.get("country", "").upper()
    section = filters.get("kind", "")
    chosen = (("q", words), ("country", country), ("kind", section))
    context = {
        "member_list": queries.member_list(words=words, country=country, section=section),
        "words": words,
        "country": country,
        "section": section,
        "filters": urlencode({key: value for key, value in chosen if value}, quote_via=quote),
        "is_narrowed": bool(words or country or section),
        "is_table": filters.get("view") == "table",
    }
    fragment = request.htmx and not request.htmx.boosted
    template = "organizations/_member_list.html" if fragment else "organizations/member_list.html"
    return render(request, template, context)


@public_page
@require_safe
def members_csv(request: Request) -> HttpResponse:
    """Download all members as CSV, in the columns that an import reads.

    The file begins with a byte order mark, without which spreadsheet programs guess another
    encoding. Mail domains are filled in for staff only.
    """
    members = Organization.objects.members()
    text = csv_files.write(members, with_domains=request.viewer.is_staff)
    content = text.encode("utf-8-sig")
    return made_file(request, content, "members.csv", "text/csv; charset=utf-8")
