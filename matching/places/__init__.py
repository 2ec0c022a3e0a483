"""Where the city is: areas, districts, postal codes, travel times and the civil calendar."""
