/// How a client behaves.
public struct ClientOptions: Sendable {
    /// How long a request may take, the time to find a server that answers included.
    public var timeout: Duration
    /// How long one server may take to accept a connection.
    public var connectTimeout: Duration
    /// How soon after connecting, and then how often, a server is asked which others there are.
    public var learnDelay: Duration
    public var learnInterval: Duration

    public init(
        timeout: Duration = .seconds(5), connectTimeout: Duration = .seconds(1),
        learnDelay: Duration = .milliseconds(100), learnInterval: Duration = .seconds(10)
    ) {
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.learnDelay = learnDelay
        self.learnInterval = learnInterval
    }
}
