"""What Torc is to reach, and how a row says whether it has."""

AT_LEAST, AT_MOST = '≥', '≤'

# Requests a second, Torc ÷ Redis, by commands in a pipeline.
REDIS_BENCHMARK = {1: 0.97, 16: 1.8, 64: 3.0}
TORC_BENCH = {1: 1.15, 16: 1.8, 64: 3.0}
# Processor time of the server for a request, Torc ÷ Redis.
CPU = {1: 0.90, 16: 0.55, 64: 0.35}
# Durable SET, Torc ÷ Redis with an append-only file.
EVERYSEC = {1: 1.1, 16: 1.8, 64: 2.0}
ALWAYS = {1: 1.0, 16: 1.6, 64: 2.0}
# The JSON protocol ÷ Redis's, both of Torc.
JSON = {1: 0.95, 16: 0.8, 64: 0.6}
REPLICATED_SET = 1.5      # ÷ Redis with two replicas and WAIT 1
QUORUM_GET = 0.6          # ÷ a GET at one
INCR = 0.9                # ÷ SET
ETCD = 5.0                # ÷ etcd of three members
BYTES_A_KEY = 190         # key of 16 B, value of 100 B
IDLE_MB = 20
CONNECTIONS = 0.7         # requests a second, 10,000 connections ÷ 50
KEYS = 1.5                # processor time of a request, 10⁷ keys ÷ 10³
START_S = {'stop': 1.5, 'kill': 3.0}
PING_MS = 2.0             # p99.99, beyond what an idle node shows
TARGETS_MS = 150          # the table of 1,000 members
COLD_GET = 3.0            # processor time of a GET that finds its entry on disk only ÷ RocksDB's own


def reached(sign, goal, value):
    """None where there is no value, or no goal: such rows are for comparison."""
    if value is None or goal is None: return None
    return value >= goal if sign == AT_LEAST else value <= goal
