"""The Provoke page: misbehave towards servers one may test, and see what each did about it."""
