"""What a person keeps beside conversations, to be used in any of them."""
