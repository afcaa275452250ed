"""Staff accounts, sign-in, roles and what they permit."""
