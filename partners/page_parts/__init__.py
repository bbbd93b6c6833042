"""What the views of this floor and the floors above share: forms sent once, what a form showed, asking again who you are."""
