"""A stand-in for Stripe: its interface, its payment page, its signed messages, and what goes wrong with them."""
