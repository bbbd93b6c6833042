"""Everything that an organisation told in a year, for its own people to read and to send on."""
