"""Workbooks that people download, fill in and upload again: one module for each kind, and a table of them in ``kinds``.

To add a kind: write a module with its columns, what there is now, what is checked and how a row is saved through the
services, and one row in :data:`commitments.workbooks.kinds.KINDS`.
"""
