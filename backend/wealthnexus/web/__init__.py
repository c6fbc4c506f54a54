"""The web process: hosts and firms, sign-in, the app's pages, files, health."""
