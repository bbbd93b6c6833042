"""What the views of this floor, and those of the floors above, share: addresses, autosave, public pages, rows and fields."""
