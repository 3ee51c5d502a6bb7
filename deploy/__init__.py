"""What a server needs: unit files, proxy samples, a container file, the offline bundle."""
