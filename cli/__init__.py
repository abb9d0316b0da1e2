"""The command ``couponchat``."""
