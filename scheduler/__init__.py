"""What happens by the clock: the planner decides what is due, the courier delivers it."""
