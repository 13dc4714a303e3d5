"""What the commands of the command line do; each file imports only what its commands need."""
