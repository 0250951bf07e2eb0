import Cluster
import Protocol

/// The records of a family, in key order, read on a thread of its own while who takes them is busy with those before: a
/// start lasts as long as the slower of both, not as long as both.
final class ReadAhead: Sendable {
    private static let pieceBytes = 256 << 10
    private static let piecesMax = 4

    private struct State {
        /// Records as `append` writes them, the earliest first.
        var pieces: [[UInt8]] = []
        var isOver = false
        var problem: RocksError?
        /// Nobody takes any more.
        var isUnwanted = false
    }

    private let database: RocksDatabase
    private let family: RocksFamily
    private let end: [UInt8]
    private let state = Monitor(State())

    /// - Parameter end: the records before it.
    init(_ database: RocksDatabase, _ family: RocksFamily, to end: [UInt8]) {
        self.database = database
        self.family = family
        self.end = end
    }

    /// Calls `each` with them; what it is given is gone when it returns. Once only.
    func forEach(
        _ each: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let thread = Thread()
        if let problem = thread.start({ self.read() }) { throw problem }
        defer {
            state.withLock { $0.isUnwanted = true }
            state.signal()
            thread.join()
        }
        while let piece = try nextPiece() { try Self.forEach(in: piece, each) }
    }

    /// - Returns: nil: that was the last.
    private func nextPiece() throws(StoreError) -> [UInt8]? {
        let (piece, problem) = state.wait { state -> Monitor<State>.Step<([UInt8]?, RocksError?)> in
            if !state.pieces.isEmpty { return .done((state.pieces.removeFirst(), nil)) }
            return state.isOver ? .done((nil, state.problem)) : .wait(deadline: nil)
        }
        if let problem { throw .cannotRead(problem, in: database.path) }
        state.signal()
        return piece
    }

    private static func forEach(
        in piece: [UInt8],
        _ each: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        var problem: StoreError?
        piece.withUnsafeBytes { bytes in
            var rest = bytes[...]
            func take(_ count: Int) -> UnsafeRawBufferPointer {
                defer { rest = rest.dropFirst(count) }
                return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
            }
            func takeCount() -> Int { Int(take(4).loadUnaligned(as: UInt32.self)) }
            while problem == nil, !rest.isEmpty {
                let (keyCount, valueCount) = (takeCount(), takeCount())
                do throws(StoreError) { try each(take(keyCount), take(valueCount)) } catch { problem = error }
            }
        }
        if let problem { throw problem }
    }

    // MARK: On the other thread

    private func read() {
        var piece = Self.newPiece()
        var problem: RocksError?
        do throws(RocksError) {
            try database.scan(family, from: [], to: end) { record in
                Self.append(record, to: &piece)
                guard piece.count >= Self.pieceBytes else { return true }
                defer { piece = Self.newPiece() }
                return give(piece)
            }
            _ = give(piece)
        } catch {
            problem = error
        }
        state.withLock { state in
            state.problem = problem
            state.isOver = true
        }
        state.signal()
    }

    private static func newPiece() -> [UInt8] {
        var piece: [UInt8] = []
        piece.reserveCapacity(pieceBytes + pieceBytes / 4)
        return piece
    }

    /// The lengths of key and value, then both.
    private static func append(_ record: RocksDatabase.Record, to piece: inout [UInt8]) {
        let (key, value) = (record.rawKey, record.rawValue)
        let counts = (UInt32(truncatingIfNeeded: key.count), UInt32(truncatingIfNeeded: value.count))
        withUnsafeBytes(of: counts) { piece.append(contentsOf: $0) }
        piece.append(contentsOf: key)
        piece.append(contentsOf: value)
    }

    /// - Returns: whether more is wanted.
    private func give(_ piece: [UInt8]) -> Bool {
        let isWanted = state.wait { state -> Monitor<State>.Step<Bool> in
            if state.isUnwanted { return .done(false) }
            guard state.pieces.count < Self.piecesMax else { return .wait(deadline: nil) }
            state.pieces.append(piece)
            return .done(true)
        }
        state.signal()
        return isWanted
    }
}
