import Protocol

/// What is said on one client connection, in its protocol: requests out of bytes, and answers, in the order of their
/// requests, into bytes. `ClientConnection` owns the stream, and when it is read.
protocol Conversation: AnyObject {
    /// Requests whose answers are not in `output` yet.
    var openRequests: Int { get }
    /// Bytes of all answers that are not written yet.
    var answerBytes: Int { get }
    /// Whether answers are ready to be written.
    var hasOutput: Bool { get }
    /// Whether `output` may show anything of what the node keeps; else it need not wait until that is durable.
    var showsData: Bool { get }
    /// Answers that are ready to be written.
    var output: Output { get }
    /// Whether nothing more is taken up before something that is under way is done.
    var isBlocked: Bool { get }
    /// Bytes that have come and are not taken up.
    var pendingBytes: Int { get }
    /// The sequence of the next request.
    var nextSequence: UInt64 { get }

    func append(_ bytes: UnsafeRawBufferPointer)
    /// Shows the next request of what was appended, if there is one only and it is a plain one.
    func lookAhead(_ see: (RequestView) -> Void)
    /// Takes up the next request of what was appended.
    func takeNext() -> ConversationStep
    /// Nothing more will come, and what blocks it should not take long: perhaps nobody waits for it.
    func hurry()
    /// Nothing more will come: what is left is no request.
    func endInput()
    /// What has come and is not taken up is dropped, and `reason` is the answer to it.
    func dropInput(_ reason: String)
    func clearOutput()
    /// The connection has closed.
    func close()

    // Answers; for a sequence that is not open they do nothing.
    func complete(_ sequence: UInt64, with outcome: Outcome, servedBy server: NodeID)
    /// Those that were carried out together from this one on are answered as they were found to be.
    /// - Returns: how many.
    func confirm(_ sequence: UInt64) -> Int
    func completeStatus(_ sequence: UInt64, _ text: [UInt8])
    func refuse(_ sequence: UInt64, _ reason: String)
}

enum ConversationStep {
    case taken
    /// The same, of all that has come; nothing keeps the next from being taken.
    case takenAll
    case needsBytes
    /// `isBlocked`.
    case blocked
    /// No more is taken; the connection is to be closed when all is answered.
    case ends
}
