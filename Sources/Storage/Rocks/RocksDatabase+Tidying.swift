import CRocksDB

extension RocksDatabase {
    /// A family of so few bytes is merged as a whole.
    private static let mergedAsWholeMax: UInt64 = 64 << 20

    /// Has what deletes left behind merged away: may be called on any thread, and takes its time.
    ///
    /// Flushed, deletes are in table files, and files that are full of them are merged by RocksDB itself, level by
    /// level (`RocksTuning.deletesMax`). Some end in the last level all the same, where nothing is merged any more;
    /// that is a small part of a large family. A small one is merged here.
    func tidy() throws(RocksError) {
        try flush()
        for family in RocksFamily.allCases where bytes(of: family) <= Self.mergedAsWholeMax { mergeAll(family) }
    }
}
