"""The few errors that actions raise. Pages and the API answer them; actions know no HTTP."""


class DomainError(Exception):
    """An act that cannot happen; its text says what is wrong and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)


class NotAllowed(DomainError):
    """The actor may see the thing but not do this to it (403)."""


class WrongState(DomainError):
    """The thing is in a state in which this cannot be done any more or yet (409)."""


class Invalid(DomainError):
    """An input does not fit; `field` names which (400, or an error beside the form's field)."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile (409)."""


class TooMany(DomainError):
    """A limit is reached; `retry_after` says in seconds when it opens again (429)."""

    def __init__(self, message: str, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
