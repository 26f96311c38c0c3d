"""Tables as spreadsheets write them, .csv and .xlsx: read within limits, and texts that no spreadsheet computes."""
