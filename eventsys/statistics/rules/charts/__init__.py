"""Geometry of the charts: numbers in, coordinates out. Texts and colours belong to the templates."""
