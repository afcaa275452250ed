"""The tests: unit (no database), integration, web (pages), journeys (browser), contracts (the shape of the code)."""
