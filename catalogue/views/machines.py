"""Pages for programs: the feed, sitemap.xml, robots.txt and security.txt."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from catalogue import citations, queries
from catalogue.choices import FEED_ENTRIES, FEED_SECONDS, SITEMAP_ADDRESSES
from catalogue.models import ExternalWork
from common.access import ANONYMOUS
from common.http.conditional import conditional, etag, etag_of_content
from common.http.page_limit import uncounted
from common.http.public_pages import public_page
from members.organizations.models import Organization
from workinggroups.deliverables.models import Publication
from workinggroups.groups.models import Group

# Pages for members and programs, of no use to a search engine.
NOT_FOR_ROBOTS = ("/my/", "/inbox/", "/settings/", "/staff/", "/accounts/", "/api/", "/search/")
# A path, and when its page last changed.
Changed = tuple[str, datetime]
# RFC 9116 asks for less than a year; every response counts from its own day.
SECURITY_TEXT_LASTS = timedelta(days=180)


@public_page
@uncounted
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Send the newest versions and withdrawals as Atom (RFC 4287)."""
    tag = etag("feed", queries.version_token())
    return conditional(request, tag, _feed, public=True, max_age=FEED_SECONDS)


@public_page
@uncounted
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public pages, each with the moment at which it last changed."""
    answer = views.sitemap(request, {"pages": _Pages}, template_name="catalogue/sitemap.xml")
    answer.render()
    tag = etag_of_content(answer.content)
    return conditional(request, tag, lambda: answer, public=True, max_age=FEED_SECONDS)


@public_page
@uncounted
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_page
@uncounted
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability of the site (RFC 9116)."""
    expires = (timezone.now() + SECURITY_TEXT_LASTS).replace(hour=0, minute=0, second=0)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class _Feed(Atom1Feed):
    """Atom with all authors of an entry, where Django writes one, and with summaries in plain text,
    where Django declares HTML."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})
        for name in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")


def _feed() -> HttpResponse:
    feed = _Feed(
        title=_("%(site)s: publications") % {"site": settings.SITE_NAME},
        link=f"{settings.SITE_URL}{reverse('catalogue')}",
        description="",
        feed_url=f"{settings.SITE_URL}{reverse('feed')}",
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
    )
    for publication in Publication.objects.all()[:FEED_ENTRIES]:
        title = str(publication)
        version = [publication.identifier, publication.number]
        summary = publication.summary
        if publication.withdrawn_at:
            title = _("Withdrawn: %(title)s") % {"title": title}
            summary = publication.withdrawn_reason
        feed.add_item(
            title=title,
            link=f"{settings.SITE_URL}{reverse('publication-version', args=version)}",
            description=summary,
            authors=citations.author_names(publication),
            unique_id=publication.uuid.urn,
            pubdate=publication.published_at,
            updateddate=publication.withdrawn_at or publication.published_at,
            categories=[str(publication.get_kind_display())],
        )
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(feed.writeString("utf-8"), content_type=content_type)


class _Pages(Sitemap):  # type: ignore[type-arg]  # not generic when it runs
    """The pages at SITE_URL, whatever the host of the request."""

    def items(self) -> list[Changed]:
        return list(_pages())

    def location(self, item: Changed) -> str:
        return item[0]

    def lastmod(self, item: Changed) -> datetime:
        return item[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


def _pages() -> Iterable[Changed]:
    """Yield the public pages. A page that lists others changed when one of these last did."""
    publications = Publication.objects.current().standing()[:SITEMAP_ADDRESSES]
    works = [(each.get_absolute_url(), each.published_at) for each in publications]
    works += _with_change(ExternalWork.objects.listed())
    groups = _with_change(Group.objects.visible_to(ANONYMOUS))
    organizations = _with_change(Organization.objects.visible_to(ANONYMOUS))
    pages = [*works, *groups, *organizations]
    for path, listed in (
        ("/", pages),
        ("/catalogue/", works),
        ("/groups/", groups),
        ("/members/", organizations),
    ):
        yield path, max((changed_at for _path, changed_at in listed), default=timezone.now())
    yield from pages


def _with_change(
    rows: "QuerySet[ExternalWork] | QuerySet[Group] | QuerySet[Organization]",
) -> list[Changed]:
    return [(row.get_absolute_url(), row.changed_at) for row in rows[:SITEMAP_ADDRESSES]]
