"""Pages on the way in: applying, the staff queue, agreements, invitations."""
