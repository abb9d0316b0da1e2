"""Telegram's objects made ours, at the door: inside there are only our own types."""
