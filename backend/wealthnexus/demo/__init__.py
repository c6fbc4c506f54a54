"""The demo: two invented firms with books that trade at real prices and end on 31 March 2021.

``books.write_demo_bundle`` writes a firm's bundle, ``people`` lists who signs in, ``scale`` writes books of
any size for benchmarks. Nothing here knows the database: what it writes is imported like anybody's bundle.
"""
