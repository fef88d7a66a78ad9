"""Forms that clean input; nothing is saved here."""
