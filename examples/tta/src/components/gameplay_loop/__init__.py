"""The loop of a game: show a scene, take the player's choice, go on to the next scene."""
