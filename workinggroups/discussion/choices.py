"""Numbers of the room, with their units."""

# How long a post may be changed by its author; the text before stays readable.
EDIT_HOURS = 24
TOPICS_A_PAGE = 30
POSTS_A_PAGE = 50
