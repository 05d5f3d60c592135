"""What leaves a run and needs nothing of kgan."""
