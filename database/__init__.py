"""PostgreSQL, and the only room that knows with what it is spoken to."""
