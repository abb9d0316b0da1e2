"""What chats are about."""
