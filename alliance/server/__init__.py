"""How the platform runs: embedded servers, the supervisor behind `make run`, the web entry."""
