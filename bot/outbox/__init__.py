"""Deliveries out: the only room that sends anything to a person."""
