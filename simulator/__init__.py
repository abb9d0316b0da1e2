"""A stand-in for Telegram on this machine: a Bot API server, a shop, and a phone in the browser."""

from simulator.app import Server, create, running
from simulator.cards import Card
from simulator.groups import Channel, Group
from simulator.panels import Panel
from simulator.people import Person
from simulator.telegram import TOKEN, Telegram

__all__ = ["TOKEN", "Card", "Channel", "Group", "Panel", "Person", "Server", "Telegram", "create", "running"]
