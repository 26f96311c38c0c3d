"""The store: rows, rules and acts, one subject a room. Knows no Telegram, no language, no environment, no clock."""
