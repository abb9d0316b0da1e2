"""The tables: what is kept, and what can never be broken."""

from models.attachments import Attachment, AttachmentState
from models.chats import Chat, DeliveryState, Draft, Message, Move, Reaction, Version
from models.coupons import Coupon, CouponState
from models.kinds import MessageKind
from models.people import AccessLink, Purpose, Session, User
from models.telegram import (
    Activation,
    Delivery,
    DeliveryKind,
    HeldMessage,
    Peer,
    Prompt,
    TelegramMessage,
    TelegramTopic,
    TopicState,
    Update,
    UpdateState,
)

__all__ = [
    "AccessLink",
    "Activation",
    "Attachment",
    "AttachmentState",
    "Chat",
    "Coupon",
    "CouponState",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Draft",
    "HeldMessage",
    "Message",
    "MessageKind",
    "Move",
    "Peer",
    "Prompt",
    "Purpose",
    "Reaction",
    "Session",
    "TelegramMessage",
    "TelegramTopic",
    "TopicState",
    "Update",
    "UpdateState",
    "User",
    "Version",
]
