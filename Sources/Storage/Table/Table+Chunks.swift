import Cluster
import Protocol

extension Table {
    /// As `Store.chunk`.
    func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        var chunk = ChunkBuilder(bytesMax: bytesMax)
        forEach(in: slot, after: key) { chunk.take($0) }
        return chunk.chunk
    }

    /// As `Store.run`: records go into it as they are.
    func run(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> (entries: EntryRun, isLast: Bool) {
        var run = RunBuilder(bytesMax: bytesMax)
        forEach(in: slot, after: key) { run.take($0) }
        return run.run
    }

    func putAll(_ run: EntryRun, in slot: Slot, batch: UInt64 = 0) {
        run.forEach { put($0, in: slot, batch: batch) }
    }
}
