"""What a file of any format holds, as rows of text."""
