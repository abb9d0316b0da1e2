"""What messages have said before they were edited."""

from database import clock
from models import Message, Version


async def keep(message: Message) -> None:
    """Keep what a message says, which is about to be changed; whoever calls this holds its chat."""
    await Version.create(
        message_id=message.id,
        text=message.text,
        formatting=message.formatting,
        kind=message.kind,
        replaced_at=clock.now(),
    )


async def forget(message: Message) -> None:
    """Forget what a message has said, which was taken back."""
    await Version.filter(message_id=message.id).delete()
