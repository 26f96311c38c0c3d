"""„/buero" → „Personen": who is on the lists, and what the office does with them."""
