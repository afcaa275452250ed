"""Pure rules of badges: what is printed for whom, and where it stands."""
