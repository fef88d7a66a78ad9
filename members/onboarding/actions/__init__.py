"""Actions of onboarding, one file a subject."""
