"""Taking back a light act from the message that follows it. docs/architecture.md lists the acts."""
