"""The report in words and pictures, made from the facts alone: sentences, charts, definitions, sections and the check of what officers write."""
