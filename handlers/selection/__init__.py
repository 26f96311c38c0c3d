"""Project selection in the chat: the card with a page a project, the office's forms, the ranking in words and files."""
