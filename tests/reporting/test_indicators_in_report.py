"""Indicators in the report and in all that is made from it: what stands beside a figure, and what is left for later years."""
