"""Whether this person may do this to this thing now. Each rule is a pair: ``check_…``, ``can_…``."""
