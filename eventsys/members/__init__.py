"""Organisations and their membership periods. An organisation is never a city."""
