"""Meetings and their series, by the API."""

from common.api.viewsets import api_router
from workinggroups.meetings.api.meetings import MeetingViewSet
from workinggroups.meetings.api.series import MeetingSeriesViewSet

router = api_router()
router.register("meetings", MeetingViewSet, basename="api-meeting")
router.register("meeting-series", MeetingSeriesViewSet, basename="api-meeting-series")
urlpatterns = router.urls
