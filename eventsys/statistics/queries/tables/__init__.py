"""The figures as tables in the language of now: for the page, the CSV, the workbook and the PDF alike.

With a veil, small groups are hidden: their cells hold None and tables that cannot be shown are left out.
"""
