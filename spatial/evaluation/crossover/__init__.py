"""The randomised crossover: places treated on days drawn by lot, compared with their other days."""
