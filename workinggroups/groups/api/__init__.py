"""Groups, the invitations into them and their action items, by the API."""

from common.api.viewsets import api_router
from workinggroups.groups.api.action_items import ActionItemViewSet
from workinggroups.groups.api.groups import GroupViewSet
from workinggroups.groups.api.invitations import GroupInvitationViewSet

router = api_router()
router.register("groups", GroupViewSet, basename="api-group")
router.register("group-invitations", GroupInvitationViewSet, basename="api-group-invitation")
router.register("action-items", ActionItemViewSet, basename="api-action-item")
urlpatterns = router.urls
