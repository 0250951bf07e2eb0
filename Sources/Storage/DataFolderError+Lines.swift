extension DataFolderError {
    static func cannotWrite(_ path: String, _ failure: FileSystem.Failure) -> DataFolderError {
        DataFolderError(
            "cannot write to data folder \(path): \(failure.reason); make it writable or give another -data")
    }

    static func damaged(_ path: String, _ what: String) -> DataFolderError {
        DataFolderError(
            "data folder \(path) is damaged: \(what); give an empty -data: the ring has copies")
    }

    static func newer(_ path: String, _ format: Int) -> DataFolderError {
        DataFolderError(
            "data folder \(path) has format \(format); this torc-node reads \(DataFolderRecord.format): "
                + "use a newer torc-node")
    }

    static func older(_ path: String, _ format: Int) -> DataFolderError {
        DataFolderError(
            "data folder \(path) has format \(format); this torc-node reads \(DataFolderRecord.format): "
                + "use the torc-node that made it, or give an empty -data")
    }
}
