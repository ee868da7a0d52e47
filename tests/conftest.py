"""What every test may use. Fixtures of one app live beside its tests."""
