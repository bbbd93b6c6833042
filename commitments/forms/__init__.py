"""Forms: the shape of what people enter. The services apply the rules."""
