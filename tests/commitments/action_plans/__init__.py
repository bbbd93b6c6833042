"""Action plans of several shapes, made when a test asks for them."""
