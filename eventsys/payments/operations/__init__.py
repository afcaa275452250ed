"""What is done with money, one verb per file."""
