"""What one person has to do, composed from several apps, the soonest first."""
