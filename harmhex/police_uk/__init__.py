"""The public crime files of data.police.uk: archives, members, and what was fetched."""
