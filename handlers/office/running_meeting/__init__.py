"""What the office does with a meeting that is called: a form each, with a preview and „Senden"."""
