"""The demo: a stand-in for Telegram, a page with phones, and a sample office, around the real bot.

Nothing in the house imports this package; it imports the bot (and only in ``demo.stage`` and ``demo.__main__``), so
``demo.telegram`` can be used alone, by tests and by foreign clients.
"""
