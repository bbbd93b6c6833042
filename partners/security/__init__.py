"""Security events: recording them, and the chain that shows whether one was changed."""
