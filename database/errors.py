"""What goes wrong with the database, and what that means: the only place where its errors are told apart."""

import asyncpg
from tortoise.exceptions import BaseORMException, IntegrityError

ConstraintViolated = IntegrityError  # what was to be written contradicts what is there


class DatabaseAway(Exception):
    """The database can't be reached, or has let go of us: nothing is wrong with what was asked of it.

    Raised in this room alone: by ``connection`` and ``engine``.
    """

    @property
    def seen(self) -> BaseException:
        """The driver's own error."""
        return self.__cause__ or self

    @property
    def reason(self) -> str:
        """The name of the driver's own error."""
        return type(self.seen).__name__


class StartupError(Exception):
    """Why the program can't run, in one line for whoever started it."""


def is_contended(error: BaseException) -> bool:
    """Say whether other transactions hold what this one needed: trying often doesn't end that, waiting does."""
    return isinstance(
        error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError
    )


def is_retryable(error: BaseException) -> bool:
    """Say whether the same transaction may succeed when it is run again."""
    return is_contended(error) or isinstance(
        error,
        asyncpg.QueryCanceledError  # by somebody, or because it took too long
        | asyncpg.InvalidCachedStatementError,  # a migration was run meanwhile
    )


def is_passing(error: BaseException) -> bool:
    """Say whether the statement was right, and the database is away, is full, or has others in the way."""
    return isinstance(error, DatabaseAway | asyncpg.InsufficientResourcesError) or is_retryable(error)


def reason_of(error: BaseException) -> str:
    """Name an error for the log."""
    return error.reason if isinstance(error, DatabaseAway) else type(error).__name__


def is_fault(error: BaseException) -> bool:
    """Say whether an error comes from the database or the ORM: no reason to end what is to run for ever."""
    return isinstance(error, DatabaseAway | asyncpg.PostgresError | BaseORMException)
