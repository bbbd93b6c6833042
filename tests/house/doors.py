"""One row for every door: who gets in by GET and by POST.

The order of the people is always: anonymous, nobody (no role left), outsider (lead of another organisation), partner
(contributor of the organisation that the thing belongs to), steering-group member, council officer, administrator.
An empty POST is enough: 422 or 400 means "you may, but this is not filled in", and so counts as let in.
``login`` is a redirect to the sign-in page; any other redirect is written ``302``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.house.world import World

PEOPLE = ("anonymous", "nobody", "outsider", "partner", "steering_member", "officer", "administrator")


@dataclass(frozen=True)
class Door:
    """An address by its name, its arguments in the test's world, and the answers in the order of :data:`PEOPLE`."""

    name: str
    get: str
    post: str
    args: Callable[[World], list[Any]] = lambda world: []
    query: str = ""

    def answers(self, method: str) -> dict[str, str]:
        words = (self.get if method == "GET" else self.post).split()
        words = words * len(PEOPLE) if len(words) == 1 else words
        assert len(words) == len(PEOPLE), f"{self.name} {method}: {len(words)} answers for {len(PEOPLE)} people"
        return dict(zip(PEOPLE, words, strict=True))
