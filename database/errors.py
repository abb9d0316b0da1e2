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
        """What was seen of it."""
        return self.__cause__ or self

    @property
    def reason(self) -> str:
        """Name what was seen of it."""
        return type(self.seen).__name__


class StartupError(Exception):
    """Why the program can't run, in one line for whoever started it."""


def is_contended(error: BaseException) -> bool:
    """Say whether others hold what was needed: that ends when they do, and not with how often it is tried."""
    return isinstance(
        error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError
    )


def is_retryable(error: BaseException) -> bool:
    """Say whether the same transaction may well succeed when it is begun anew."""
    return is_contended(error) or isinstance(
        error,
        asyncpg.QueryCanceledError  # by somebody, or because it took too long
        | asyncpg.InvalidCachedStatementError,  # a migration was run meanwhile
    )


def is_passing(error: BaseException) -> bool:
    """Say whether nothing is wrong with what was asked: the database is away, is full, or others got in the way."""
    return isinstance(error, DatabaseAway | asyncpg.InsufficientResourcesError) or is_retryable(error)


def reason_of(error: BaseException) -> str:
    """Name what was seen of a failure, for the log."""
    return error.reason if isinstance(error, DatabaseAway) else type(error).__name__


def is_fault(error: BaseException) -> bool:
    """Say whether it comes from the database, whatever it says: no reason to end what is to run for ever."""
    return isinstance(error, DatabaseAway | asyncpg.PostgresError | BaseORMException)
