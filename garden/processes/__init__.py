"""More than one core: threads, second processes that do a part of the work meanwhile, and runners of its shards.

Whatever another process fails to do, the run does by itself; what is found never depends on where it was worked out.
"""
