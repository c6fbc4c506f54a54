"""References that many rooms use."""

from __future__ import annotations

import strawberry


@strawberry.type(description="Who did it: a user, the system or the platform.")
class ActorRef:
    kind: str
    id: strawberry.ID | None
    name: str


@strawberry.type(description="What something is about.")
class SubjectRef:
    id: strawberry.ID
    kind: str
    label: str
