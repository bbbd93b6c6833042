"""Open data: every dataset as pages and files, with what programs and catalogues need to know of them."""
