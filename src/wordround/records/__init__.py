"""What people write and what was told: it outlives every rebuild of the warehouse."""
