"""What an influencer sees."""
