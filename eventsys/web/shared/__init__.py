"""What all audiences share: access, the transaction, languages, forms, errors, headers."""
