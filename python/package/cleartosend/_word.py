"""What words have in common. The lists of words are in `words`, which is generated."""

from __future__ import annotations

from enum import Enum
from typing import List, NoReturn, TypeVar

__all__ = ["Decisive", "Word"]

_Self = TypeVar("_Self", bound="Word")


class Word(str, Enum):
    """A word of a list. It is text, equal to that text, and ordered by its place in the list, not by the alphabet."""

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)

    def __lt__(self, other: object) -> bool:
        return self._place() < self._like(other)._place()

    def __le__(self, other: object) -> bool:
        return self._place() <= self._like(other)._place()

    def __gt__(self, other: object) -> bool:
        return self._place() > self._like(other)._place()

    def __ge__(self, other: object) -> bool:
        return self._place() >= self._like(other)._place()

    def _place(self) -> int:
        words: List[Word] = list(type(self))
        return words.index(self)

    def _like(self: _Self, other: object) -> _Self:
        # Texts have another order than words, and Python would fall back to it if this only said that it does not know.
        if not isinstance(other, type(self)):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} have no order: compare with a {type(self).__name__}")
        return other


class Decisive(Word):
    """A word that decides something, and therefore has no truth value: every text but the empty one is true."""

    def __bool__(self) -> NoReturn:
        name = type(self).__name__
        raise TypeError(f"{name}.{self.name} is neither true nor false: compare it, as in `verdict == {name}.ALLOW`")
