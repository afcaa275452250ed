"""Figures that name their rung, unit and unknowns, for one event and for a year.

It reads every area and changes none; its own rows are frozen figures. It never guesses: what is not
known is counted as not known.
"""
