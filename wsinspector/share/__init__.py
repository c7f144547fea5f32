"""What leaves the program for other people: reports and exports, secrets left out."""
