"""Columns with their Python types, which Django itself does not state."""

from typing import Any

from django.db import models


def text(length: int, label: Any = None, **options: Any) -> "models.CharField[str, str]":
    """Return a column of at most ``length`` characters."""
    return models.CharField(label, max_length=length, **options)


def optional_text(length: int, label: Any = None) -> "models.CharField[str | None, str | None]":
    """Return a text column in which nothing is not the same as ""."""
    return models.CharField(label, max_length=length, null=True)


def whole(label: Any = None, **options: Any) -> "models.BigIntegerField[int, int]":
    """Return a column of signed 64-bit numbers."""
    return models.BigIntegerField(label, **options)


def optional_whole(label: Any = None) -> "models.BigIntegerField[int | None, int | None]":
    """Return a column of signed 64-bit numbers or nothing."""
    return models.BigIntegerField(label, null=True)


def flag(label: Any = None, **options: Any) -> "models.BooleanField[bool, bool]":
    """Return a yes or no column."""
    return models.BooleanField(label, **options)


def binary(label: Any = None, **options: Any) -> "models.BinaryField[bytes, bytes]":
    """Return a column of bytes."""
    return models.BinaryField(label, **options)
