"""Meetings, their series, items proposed for agendas, and polls for a time, by the API."""

from common.api.viewsets import api_router
from workinggroups.meetings.api.meetings import MeetingViewSet
from workinggroups.meetings.api.polls import TimePollViewSet
from workinggroups.meetings.api.proposals import AgendaProposalViewSet
from workinggroups.meetings.api.series import MeetingSeriesViewSet

router = api_router()
router.register("meetings", MeetingViewSet, basename="api-meeting")
router.register("meeting-series", MeetingSeriesViewSet, basename="api-meeting-series")
router.register("agenda-proposals", AgendaProposalViewSet, basename="api-agenda-proposal")
router.register("time-polls", TimePollViewSet, basename="api-time-poll")
urlpatterns = router.urls
