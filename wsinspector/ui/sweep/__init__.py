"""The Sweep page: many odd requests to many servers, side by side."""
