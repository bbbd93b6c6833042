"""The narrative of the report, made from the facts alone: sentences, charts, definitions, sections and the check of
officers' texts."""
