"""Pure rules of registration: facts in, decision out."""
