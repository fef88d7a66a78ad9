"""Member organizations in the API: public, read only."""

from django.db.models import QuerySet

from common.access import Viewer
from common.api.access import Anybody
from common.api.serializers import StrictModelSerializer
from common.api.viewsets import ReadViewSet, api_router, by, one_of
from members.organizations.choices import Kind
from members.organizations.models import Organization


class OrganizationNameSerializer(StrictModelSerializer[Organization]):
    """An organization as answers about other things name it."""

    class Meta:
        model = Organization
        fields = ["slug", "name"]


class OrganizationSerializer(StrictModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = [
            "uuid",
            "slug",
            "name",
            "legal_name",
            "kind",
            "sector",
            "country",
            "website",
            "summary",
        ]


class OrganizationViewSet(ReadViewSet[Organization]):
    """Current members, and the caller's own organization whatever its membership."""

    permission_classes = [Anybody]
    serializer_class = OrganizationSerializer
    lookup_field = "slug"
    lookup_value_converter = "organization_address"
    filters = {"kind": one_of(Kind.values, "kind"), "country": by("country__iexact")}

    def rows(self, viewer: Viewer) -> QuerySet[Organization]:
        return Organization.objects.visible_to(viewer)


router = api_router()
router.register("organizations", OrganizationViewSet, basename="api-organization")
urlpatterns = router.urls
