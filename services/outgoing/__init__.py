"""What is owed to Telegram."""
