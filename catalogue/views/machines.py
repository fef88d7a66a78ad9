"""For programs: the feed, the map of the site, what robots need not read, and whom to warn."""

from collections.abc import Iterable
from datetime import timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from catalogue import queries
from catalogue.choices import FEED_ENTRIES, FEED_SECONDS, SITEMAP_ADDRESSES
from catalogue.models import OutsideEntry
from common.access import ANONYMOUS
from common.web.conditional import conditional, etag
from common.web.page_limit import uncounted
from common.web.views import methods
from members.organizations.models import Organization
from workinggroups.deliverables.models import Publication
from workinggroups.groups.models import Group

# Space for members and programs: nothing there for a search engine.
NOT_FOR_ROBOTS = ("/my/", "/inbox/", "/settings/", "/staff/", "/accounts/", "/api/", "/search/")
# Within a year, as the RFC asks: each answer says anew how long it holds.
SECURITY_TEXT_LASTS = timedelta(days=180)
PAGES = ("/", "/catalogue/", "/groups/", "/members/")


@uncounted
@methods("GET")
def atom(request: HttpRequest) -> HttpResponse:
    """The newest versions and withdrawals, as Atom (RFC 4287)."""
    tag = etag("feed", queries.stamp())
    return conditional(request, tag, _feed, public=True, max_age=FEED_SECONDS)


@uncounted
@methods("GET")
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page that has an address of its own."""
    return HttpResponse(_sitemap(), content_type="application/xml; charset=utf-8")


@uncounted
@methods("GET")
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@uncounted
@methods("GET")
def security(request: HttpRequest) -> HttpResponse:
    """Where a weakness of the site is reported (RFC 9116)."""
    expires = (timezone.now() + SECURITY_TEXT_LASTS).replace(hour=0, minute=0, second=0)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _feed() -> HttpResponse:
    feed = Atom1Feed(
        title=_("%(site)s: publications") % {"site": settings.SITE_NAME},
        link=f"{settings.SITE_URL}{reverse('catalogue')}",
        description="",
        feed_url=f"{settings.SITE_URL}{reverse('feed')}",
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
    )
    for publication in Publication.objects.all()[:FEED_ENTRIES]:
        title = str(publication)
        summary = publication.summary
        if publication.withdrawn_at:
            title = _("Withdrawn: %(title)s") % {"title": title}
            summary = publication.withdrawn_reason
        feed.add_item(
            title=title,
            link=f"{settings.SITE_URL}{_address(publication)}",
            description=summary,
            unique_id=publication.uuid.urn,
            pubdate=publication.published_at,
            updateddate=publication.withdrawn_at or publication.published_at,
            categories=[str(publication.get_kind_display())],
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _address(publication: Publication) -> str:
    return reverse("publication-version", args=[publication.identifier, publication.number])


def _sitemap() -> str:
    urls = "".join(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>" for path in _paths())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )


def _paths() -> Iterable[str]:
    yield from PAGES
    for publication in Publication.objects.current().standing()[:SITEMAP_ADDRESSES]:
        yield publication.get_absolute_url()
    for entry in OutsideEntry.objects.listed()[:SITEMAP_ADDRESSES]:
        yield entry.get_absolute_url()
    for group in Group.objects.visible_to(ANONYMOUS)[:SITEMAP_ADDRESSES]:
        yield group.get_absolute_url()
    for organization in Organization.objects.visible_to(ANONYMOUS)[:SITEMAP_ADDRESSES]:
        yield organization.get_absolute_url()
