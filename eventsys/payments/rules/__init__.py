"""Pure rules about money: accounts of the ledger, what a payment does, references."""
