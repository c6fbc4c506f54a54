"""The arithmetic and the decisions of the markets room: pure, standard library and ``kit.money`` only."""
