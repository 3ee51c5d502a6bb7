"""What is computed: pure functions over tables and arrays.

Knows nothing of Streamlit, drawing, the register, the clock or random state.
"""
