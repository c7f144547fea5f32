"""What the bytes mean by the book: one small rule a requirement, each with its clause."""
