"""Pure rules of this room: what a registration needs, who owns which part of what."""
