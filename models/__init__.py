"""The tables: what is kept, and what can never be broken."""

from models.attachments import Attachment, AttachmentState
from models.chats import Chat, DeliveryState, Draft, Message
from models.coupons import Coupon, CouponState
from models.kinds import MessageKind
from models.people import AccessLink, Purpose, Session, User
from models.telegram import (
    Activation,
    Delivery,
    DeliveryKind,
    HeldMessage,
    Peer,
    TelegramMessage,
    TelegramTopic,
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
    "Peer",
    "Purpose",
    "Session",
    "TelegramMessage",
    "TelegramTopic",
    "Update",
    "UpdateState",
    "User",
]
