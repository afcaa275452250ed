"""Events, their categories, questions and places (seats)."""
