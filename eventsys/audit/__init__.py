"""The log of every change of state: who, what, when. It never changes a line."""
