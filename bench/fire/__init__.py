"""The relay under fire: people write while the processes that serve them are killed, cut off and left in silence.

Run it with: .venv/bin/python -m bench.fire --kills 500 --cuts 500 --silences 5 --updates polling --topics
"""

from bench.fire.burning import burn
from bench.fire.plan import Plan, Report

__all__ = ["Plan", "Report", "burn"]
