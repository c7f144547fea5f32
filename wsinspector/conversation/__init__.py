"""One conversation: a draft, its attempts, and the engine thread that carries them out."""
