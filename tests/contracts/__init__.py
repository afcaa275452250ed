"""What must stay true of the code as a whole, whoever changes it."""
