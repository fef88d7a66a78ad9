"""Pages of organizations: the public wall, one organization, and the pages of staff."""
