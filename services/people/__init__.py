"""Who is who, and who may come in."""
