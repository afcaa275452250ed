"""What a typed place name means: pure functions of text and candidates."""
