"""The forms of this floor. The services apply the rules."""
