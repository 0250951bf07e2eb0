import Protocol

/// The bounds that a node puts on its clients.
struct ClientLimits {
    /// JSON connections at a time. At most `ClientToken.placesMax`.
    var clientsMax = Limits.clientsMax
    /// Requests of one connection whose answers are not written yet; then it is not read until half are.
    var pipelinedRequestsMax = Limits.pipelinedRequestsMax
    /// Bytes of requests that have come and cannot be taken up, of all connections together; then the one that has said
    /// nothing for longest is closed, of those that hold many.
    var inputBytesMax = Limits.clientsInputBytesMax
    /// Bytes of answers that wait, for their turn or for the client to read; then it is closed.
    var outputBytesMax = Limits.clientOutputBytesMax
    /// Bytes of answers that wait; then no more requests are taken up until fewer do.
    var outputBytesToPause = 1024 * 1024
    /// Bytes of answers that the requests taken up ahead may be expected to bring.
    var outputBytesAhead = 16 * 1024 * 1024
    /// How large the first answer of a connection is expected to be.
    var firstAnswerBytes = 256 * 1024
}
