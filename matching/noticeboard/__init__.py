"""What the centre tells everybody on its pages: notices, and the mode the service is in."""
