"""What the office does with a vote that is running: a form each, so that every act has its reason and a preview."""
