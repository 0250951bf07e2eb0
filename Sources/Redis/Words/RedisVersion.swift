/// The Redis whose commands and wording Torc follows.
package enum RedisVersion {
    package static let text = "7.0.15"
}
