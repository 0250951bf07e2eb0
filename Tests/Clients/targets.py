"""The servers that tests share, started when first asked for."""
import functools

import settings
from processes import Redis, Ring


@functools.cache
def oracle():
    """A redis-server: what is right."""
    return Redis()


@functools.cache
def oracles():
    """By the names that cases use."""
    return {'alone': oracle().address, 'cluster': Redis.cluster()[0].address}


@functools.cache
def ring():
    """Three nodes of Torc, each copy on each of them."""
    return Ring(settings.binaries, 3)


@functools.cache
def addresses():
    """Of what is tested: any of them serves any key."""
    if settings.target == 'redis': return [Redis().address]
    return [node.address for node in ring().nodes]


def is_torc(): return settings.target == 'torc'
