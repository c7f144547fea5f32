"""Lessons: readable files of texts and steps, read strictly, so that a teacher learns what is wrong."""
