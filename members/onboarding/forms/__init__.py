"""Forms of onboarding. Nothing is saved here."""
