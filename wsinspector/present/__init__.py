"""What is shown, worked out without Qt."""
