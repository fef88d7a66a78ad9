from common.access.levels import Level, narrower
from common.access.viewer import ANONYMOUS, Seat, Viewer, viewer_for, viewers_for

__all__ = ["ANONYMOUS", "Level", "Seat", "Viewer", "narrower", "viewer_for", "viewers_for"]
