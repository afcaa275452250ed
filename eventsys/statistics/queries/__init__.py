"""Read the figures of an event or a year, frozen figures, and the tables made of them."""
