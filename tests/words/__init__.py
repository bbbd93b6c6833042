"""``make words``: every sentence of the portal, one file for each kind of reader, in ``test-output/words/``.

To be read aloud from first to last. The pages are those of the demo story, as a browser shows them.
"""
