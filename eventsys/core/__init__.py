"""What every area stands on: database handle, actor, errors, languages, tokens, settings.

Core knows no area and no HTTP; nothing below it is ours.
"""
