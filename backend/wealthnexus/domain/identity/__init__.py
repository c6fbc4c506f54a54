"""Identity: the firm's people, how they prove who they are, what they may do and see.

Invariants: nobody is signed in without two factors; only hashes of tokens, passwords and recovery codes
are kept; a code, a refresh token and a link work once; nobody gives themselves a role, and a change of
roles needs a second person; the firm always keeps an active administrator; what a limited person sees
is exactly what their live grants reach.
"""
