"""What the rules make of a consumer's story: a plain model, beside which the tables are held."""

from dataclasses import dataclass, field
from itertools import count


@dataclass
class Said:
    """A message as the rules know it: whose, where, at which place, and what was done to it."""

    texts: list[str]  # the last is what stands there
    is_consumers: bool
    chat: str | None  # the coupon's title; none: it waits
    place: tuple[int, int]
    question: int | None = None  # by the first message that it is about
    answers: int | None = None
    quote: str | None = None
    reaction: str = ""
    moves: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.texts[-1]


class Rules:
    """Which chat each message belongs to, by the rules alone; messages by their numbers on the phone."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.said: dict[int, Said] = {}
        self.headers: dict[int, str] = {}
        self._active: str | None = None
        self._answered_since: list[Said] = []
        self._later = count(1)
        self._moves = count(1)

    def opens(self, title: str) -> None:
        if title not in self.opened:
            self.opened.append(title)
        self._active, self._answered_since = title, []

    def says(
        self, number: int, text: str, answers: int | None = None, topic: str | None = None, quote: str | None = None
    ) -> None:
        chat = topic or self._chat_for(answers)
        said = Said([text], True, chat, (number, 0), answers=answers, quote=quote)
        if chat is None:
            said.question = self._question_of(number, answers)
        self.said[number] = said

    def edits(self, number: int, text: str) -> None:
        self.said[number].texts.append(text)

    def reacts(self, number: int, emoji: str) -> None:
        self.said[number].reaction = emoji

    def is_answered(self, title: str, number: int, text: str, answers: int | None = None) -> None:
        place = (max((said.place[0] for said in self.said.values()), default=0), next(self._later))
        self.said[number] = Said([text], False, title, place, answers=answers)
        self._answered_since.append(self.said[number])

    def chooses(self, question: int, title: str) -> None:
        for said in self.said.values():
            if said.chat is None and said.question == question:
                said.chat = title
        self.opens(title)

    def moves(self, number: int, title: str, *, all_since: bool) -> int:
        """Put a message, or all since, into another chat; give the move's number."""
        move, first = next(self._moves), self.said[number]
        for said in self.chat(first.chat or "") if all_since else [first]:
            if said.place >= first.place:
                said.chat, said.moves = title, [*said.moves, move]
        return move

    def undoes(self, move: int, title: str) -> None:
        for said in self.said.values():
            if said.moves and said.moves[-1] == move:
                said.chat, said.moves = title, said.moves[:-1]

    def chat(self, title: str) -> list[Said]:
        return sorted((said for said in self.said.values() if said.chat == title), key=lambda said: said.place)

    def waiting(self) -> dict[int, Said]:
        return {number: said for number, said in self.said.items() if said.chat is None}

    def _chat_for(self, answers: int | None) -> str | None:
        if answers in self.headers:
            return self.headers[answers]
        if answers is not None:
            return self.said[answers].chat  # what waits is answered beside it
        is_interrupted = any(said.chat != self._active for said in self._answered_since)
        return None if is_interrupted else self._active

    def _question_of(self, number: int, answers: int | None) -> int:
        if answers is not None:
            return self.said[answers].question or number
        plain = [said.question for said in self.waiting().values() if said.answers is None]
        return next((question for question in plain if question), number)
