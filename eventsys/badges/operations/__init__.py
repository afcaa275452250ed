"""What is done with badges."""
