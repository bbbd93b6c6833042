"""What the views of this floor, and those of the floors above, share: forms that are sent once, and what a form showed."""
