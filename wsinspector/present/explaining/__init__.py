"""A conversation told part by part, down to the byte: put together from what ``learn`` knows, as it is "
"shown."""
