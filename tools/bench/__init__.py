"""Measure the budgets of the product on both engines: ``make bench``.

Client and server share the machine, as in the figures of other systems that the budgets were set by.
"""
