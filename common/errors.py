"""The errors that actions raise. Middleware turns them into answers; actions know no HTTP."""


class DomainError(Exception):
    """A refused action; the message says what is wrong and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)


class NotAllowed(DomainError):
    """The actor can see the object but is not allowed to do this (403)."""


class WrongState(DomainError):
    """The state of the object does not allow this any more, or not yet (409)."""


class Invalid(DomainError):
    """An input is not valid; `field` names it (400, or an error beside the form's field)."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(DomainError):
    """Someone else has changed the object in the meantime (409)."""


class TooMany(DomainError):
    """A limit is reached; `retry_after` is in seconds (429)."""

    def __init__(self, message: str, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
