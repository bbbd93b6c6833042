"""The shape of what people write; the rules are asked of the services."""
