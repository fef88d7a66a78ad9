"""Pages of onboarding: applications, the queue of staff, agreements, invitations."""
