"""Project selection: a call with its budget, points by mandate, project and criterion, and the ranking they make."""
