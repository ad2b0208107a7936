"""The same models in PyTorch: same file, same names, same body."""
