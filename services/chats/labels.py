"""Telling coupons apart in few words: no two that are shown in one list look the same."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.text.characters import is_blank, without_invisible
from services.text.shortening import shortened, shortened_inside, utf16_length

SIGN = " · "
ADDITION_LIMIT = 40  # UTF-16 code units of each thing that tells apart


@dataclass(frozen=True)
class Named:
    """A coupon's title, and what else is known of it, the more telling first; its id comes last."""

    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """A title as it is shown, and what tells it from its likes: nothing, if it has none."""

    title: str
    addition: str = ""

    def __str__(self) -> str:
        return SIGN.join(filter(None, (self.title, self.addition)))


def by_id(named: Mapping[str, Named], title_limit: int, limit: int) -> dict[str, Label]:
    """Label all that is named in a list, as ``distinct`` does, and give each its label by its id."""
    return dict(zip(named, distinct(list(named.values()), title_limit, limit), strict=True))


def distinct(coupons: Sequence[Named], title_limit: int, limit: int) -> list[Label]:
    """Label all the coupons of a list, so that no two look the same; limits are in UTF-16 code units.

    Where the beginnings of titles are alike, their ends are shown too; where that isn't enough, the first fact in
    which those that look the same differ, then the next; and where nothing helps, they are counted.
    """
    shown = [_Shown(coupon, title_limit, limit) for coupon in coupons]
    for same in _alike([each.label for each in shown]):
        for index in same:
            shown[index].cut = shortened_inside
    for number in range(max((len(coupon.facts) for coupon in coupons), default=0)):
        for same in _alike([each.label for each in shown]):
            if len({coupons[index].facts[number] for index in same}) > 1:
                for index in same:
                    shown[index].facts.append(coupons[index].facts[number])
    return _counted([each.label for each in shown], limit)


@dataclass
class _Shown:
    """What is shown of a coupon so far."""

    coupon: Named
    title_limit: int
    limit: int
    cut: Callable[[str, int], str] = shortened
    facts: list[str] = field(default_factory=list)

    @property
    def label(self) -> Label:
        addition = self._addition(self.limit * 2 // 3)
        left = self.limit - utf16_length(SIGN + addition) if addition else self.limit
        title = self.cut(self.coupon.title, min(self.title_limit, left))
        return Label("…" if is_blank(title) else title, addition)

    def _addition(self, room: int) -> str:
        told = [shortened_inside(fact, ADDITION_LIMIT) for fact in self.facts if not is_blank(fact)]
        while len(told) > 1 and utf16_length(SIGN.join(told)) > room:
            del told[0]  # those behind tell more apart
        return shortened_inside(SIGN.join(told), room)


def _counted(labels: list[Label], limit: int) -> list[Label]:
    """Count those which still look the same, whatever numbers others have in their titles."""
    taken = {_look(label) for label in labels}
    for same in _alike(labels):
        number = 0
        for index in same:
            numbered = labels[index]
            while _look(numbered) in taken:
                number += 1
                addition = SIGN.join(filter(None, (shortened(labels[index].addition, limit // 4), f"#{number}")))
                room = limit - utf16_length(SIGN + addition)
                numbered = Label(shortened(labels[index].title, room), addition)
            taken.add(_look(numbered))
            labels[index] = numbered
    return labels


def _alike(labels: Sequence[Label]) -> list[list[int]]:
    """Group those that look the same, by their numbers in the list."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        groups[_look(label)].append(index)
    return [same for same in groups.values() if len(same) > 1]


def _look(label: Label) -> str:
    """Say how a label looks at a glance: in the same letters, whatever can't be seen of them."""
    return unicodedata.normalize("NFKC", without_invisible(str(label))).casefold()
