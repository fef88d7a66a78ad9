"""Recording what staff read in a group that they opened by break-glass, before they see it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import empty

from common.access.reading import note_read, noted_reads
from common.http.requests import Request
from workinggroups.groups.actions.break_glass import record_reads
from workinggroups.groups.models import Group

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BreakGlassReads:
    """Write one row for each opening and address of a page, file or API response about the group.

    Requests of other people cost a look at the viewer. If the row cannot be written, the request
    fails.
    """

    SHOWS = frozenset({200, 206, 304})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in self.SHOWS and request.method in ("GET", "HEAD"):
            viewer = request.viewer
            # A view that never read the lazy viewer showed nothing but public content.
            if getattr(viewer, "_wrapped", viewer) is not empty and viewer.break_glass_ids:
                self._record(request)
        return response

    def _record(self, request: Request) -> None:
        viewer = request.viewer
        assert viewer.person_id is not None
        match = request.resolver_match
        if match is not None and match.route.startswith("groups/<"):
            group = Group.objects.filter(slug=match.kwargs["slug"]).values_list("pk").first()
            note_read(request, group and group[0], request.path)
        reads: dict[int, list[str]] = {}
        for group_id, address in noted_reads(request):
            if group_id in viewer.break_glass_ids:
                reads.setdefault(group_id, []).append(address[:500])
        for group_id, addresses in reads.items():
            record_reads(person_id=viewer.person_id, group_id=group_id, addresses=addresses)
