"""Pages of organizations: the public member list, one organization, and the pages of staff."""
