"""Rows that plain SQL has found, made into models."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from tortoise.models import Model

M = TypeVar("M", bound=Model)


@cache
def columns(model: type[Model], alias: str) -> str:
    """List all columns of a model for a SELECT, with its alias in their names: ``p.id AS "p.id"``."""
    return ", ".join(f'{alias}."{column}" AS "{alias}.{column}"' for column in _columns_of(model))


def made(model: type[M], row: Mapping[str, Any], alias: str) -> M:
    """Make a model of its ``columns`` in a row, as the ORM would."""
    return model._init_from_db(**{column: row[f"{alias}.{column}"] for column in _columns_of(model)})


@cache
def _columns_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(model._meta.fields_db_projection.values())
