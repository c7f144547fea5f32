"""Sequences: what is sent, waited for and expected, as a person writes it down and as it is carried out."""
