"""What the service says about itself and its work."""
