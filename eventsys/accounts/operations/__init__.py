"""What is done with accounts, one file per verb."""
