"""What is decided about typed names, one file per verb. Each can be undone and is audited.

An operation gives the decision. Applying it to registrations is the work of ``registration``.
"""
