"""The shapes of what people send about reports: asking and writing, spans of time, sealing and verifying."""
