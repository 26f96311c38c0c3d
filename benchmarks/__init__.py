"""Speed, always as a ratio within one run: absolute figures differ from machine to machine and from day to day."""
