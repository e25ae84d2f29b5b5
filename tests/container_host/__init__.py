"""Container hosts: machines for tests, each with its own sshd and, if wanted, its own Docker Engine."""
