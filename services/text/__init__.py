"""What texts are made of, and how they are made to fit."""
