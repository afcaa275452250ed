"""Pure rules of the figures: the ladder, percentages, rounding, small groups, regions, charts."""
