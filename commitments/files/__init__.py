"""Checks what is inside an uploaded file, whatever its name says."""
