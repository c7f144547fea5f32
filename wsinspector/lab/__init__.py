"""The built-in server: well-behaved and misbehaving peers on loopback, chosen by path."""
