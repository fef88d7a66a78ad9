"""What people type on the way in. Nothing is saved here."""
