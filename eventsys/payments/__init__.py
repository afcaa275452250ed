"""Charges, payments, refunds, documents and the ledger. This area knows no registration and no event's rules."""
