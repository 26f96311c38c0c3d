"""„Rundruf": the form, what others see, how far it is, the report, corrections and withdrawals."""
