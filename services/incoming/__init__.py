"""What a consumer does."""
