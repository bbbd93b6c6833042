"""What holds a published edition to its word: what drew it, whether it is still as it was, whose file a file is."""
