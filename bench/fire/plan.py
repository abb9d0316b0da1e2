"""What a fire is to do, and what it has shown."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """How often what is done to those who serve."""

    kills: int = 0
    database_kills: int = 0
    cuts: int = 0
    silences: int = 0
    least_replies: int = 0  # it burns on until there are so many, on a machine that is slow

    def acts(self) -> list[str]:
        """List everything, in no order."""
        return [
            *["kill"] * self.kills,
            *["crash"] * self.database_kills,
            *["cut"] * self.cuts,
            *["silence"] * self.silences,
        ]


@dataclass
class Report:
    """What a run has shown."""

    kills: int = 0
    database_kills: int = 0
    cuts: int = 0
    silences: int = 0
    interrupted: Counter[str] = field(default_factory=Counter)  # what was under way when it was killed
    retried: int = 0  # from quarantine, in which the poison has put them
    taken_over: int = 0  # updates that were taken in by one life of couponchat and handled by another
    seconds: float = 0.0
    consumer_messages: int = 0
    replies: int = 0
    changed: int = 0  # of the replies
    moved: int = 0  # of all messages
    doubled: int = 0
    marked: int = 0
    left_behind: int = 0  # copies of which nobody knew when their message was changed
    topics: int = 0
    orphans: list[str] = field(default_factory=list)  # topics on a phone that no chat has
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        interrupted = ", ".join(f"{count} {what}" for what, count in sorted(self.interrupted.items()))
        return (
            f"{self.kills} kills of couponchat ({interrupted or 'nothing'} under way) "
            f"and {self.database_kills} of PostgreSQL, "
            f"{self.cuts} connections cut, {self.silences} silences in {self.seconds:.0f} s: "
            f"{self.consumer_messages} messages in, {self.retried} of them by way of the quarantine, "
            f"{self.taken_over} updates taken in by one life and handled by another, "
            f"{self.replies} replies out, {self.changed} of them changed, {self.doubled} twice, "
            f"{self.marked} marked so, {self.left_behind} copies left behind; {self.moved} messages moved; "
            f"{self.topics} topics, {len(self.orphans)} orphans; {len(self.wrong)} wrong"
        )
