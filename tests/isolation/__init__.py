"""Every id-taking field and every mutation of the API, tried by everybody who must not succeed."""
