"""A property that is found when it is first asked for, without a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Found = TypeVar("Found")


class lazily(Generic[Found]):
    """As `functools.cached_property`, whose lock until Python 3.12 lets only one object of a class find it at a time.

    Two threads that ask the same object at once may both find it.
    """

    def __init__(self, find: Callable[[Any], Found]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazily[Found]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Found: ...

    def __get__(self, instance: object | None, owner: type) -> lazily[Found] | Found:
        if instance is None:
            return self
        found = self._find(instance)
        instance.__dict__[self._name] = found
        return found
