"""The shape of what people enter on this floor. The rules are asked of the services."""
