"""What a kind of data is: one file each."""
