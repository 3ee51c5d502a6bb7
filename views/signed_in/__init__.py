"""Who is signed in, and the trail they leave."""
