"""Rows that plain SQL has found, made into models."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from tortoise.models import Model

M = TypeVar("M", bound=Model)


@cache
def columns(model: type[Model], alias: str) -> str:
    """List all columns of a model for a SELECT, with its alias in their names: ``p.id AS "p.id"``."""
    return ", ".join(f'{alias}."{column}" AS "{name}"' for column, name in _names(model, alias))


def made(model: type[M], row: Mapping[str, Any], alias: str) -> M:
    """Make a model of its ``columns`` in a row, as the ORM would."""
    return model._init_from_db(**{column: row[name] for column, name in _names(model, alias)})


@cache
def _names(model: type[Model], alias: str) -> list[tuple[str, str]]:
    """List a model's columns, each with its name in a row."""
    return [(column, f"{alias}.{column}") for column in model._meta.fields_db_projection.values()]
