"""What the standard says of recorded bytes: rules, each with its clause."""
