/// Commands of Redis that Torc does not have, and in a few words why.
enum Unsupported {
    private static let families: [(names: String, reason: String)] = [
        (
            """
            lpush rpush lpushx rpushx lpop rpop llen lrange lindex lset linsert lrem ltrim lmove rpoplpush lpos lmpop \
            blpop brpop blmove brpoplpush blmpop
            """, "Torc has strings only, no lists"
        ),
        ("sadd srem smembers sismember smismember scard spop srandmember smove sinter sintercard sunion sdiff "
            + "sinterstore sunionstore sdiffstore sscan", "Torc has strings only, no sets"),
        ("hset hget hmset hmget hgetall hdel hexists hincrby hincrbyfloat hkeys hvals hlen hstrlen hsetnx hscan "
            + "hrandfield", "Torc has strings only, no hashes"),
        ("zadd zrem zscore zmscore zrange zrevrange zrangebyscore zrevrangebyscore zrangebylex zrevrangebylex zrank "
            + "zrevrank zcard zcount zlexcount zincrby zinter zunion zdiff zinterstore zunionstore zdiffstore zscan "
            + "zpopmin zpopmax bzpopmin bzpopmax zmpop bzmpop zrandmember zrangestore zintercard zremrangebyrank "
            + "zremrangebyscore zremrangebylex", "Torc has strings only, no sorted sets"),
        ("xadd xread xrange xrevrange xlen xdel xtrim xgroup xreadgroup xack xclaim xautoclaim xpending xinfo xsetid",
            "Torc has no streams"),
        ("eval evalsha eval_ro evalsha_ro script function fcall fcall_ro", "Torc has no scripts"),
        ("pfadd pfcount pfmerge", "Torc has no HyperLogLog"),
        ("geoadd geopos geodist geosearch geohash georadius georadiusbymember geosearchstore", "Torc has no geo sets"),
        ("bitop bitfield bitfield_ro lcs sort sort_ro dump restore migrate move swapdb",
            "Torc does not do this"),
        ("save bgsave bgrewriteaof lastsave shutdown failover replicaof slaveof psync sync replconf module acl slowlog",
            "Torc does this by other means"),
    ]

    private static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        for family in families {
            for name in family.names.split(whereSeparator: \.isWhitespace) { reasons[String(name)] = family.reason }
        }
        return reasons
    }()

    static func reason(_ name: String) -> String? { reasons[name] }
}
