"""Reports of a month or a quarter: worded once, set as a message, PDF, workbook and CSV."""
