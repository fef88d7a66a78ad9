"""What happens on the way in, one file a subject."""
