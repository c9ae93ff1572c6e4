"""When a host may be asked: robots rules, delays, turns, and hosts that do not answer."""
