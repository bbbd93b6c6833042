"""The trail of security events: recording them, and the chain that shows whether one was changed."""
