"""The views of people and organisations."""
