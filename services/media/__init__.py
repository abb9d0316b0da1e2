"""What a message holds beside its text."""
