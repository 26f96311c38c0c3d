"""Forms: one question at a time, the half-filled form a row, the last step a preview of what others will see."""
