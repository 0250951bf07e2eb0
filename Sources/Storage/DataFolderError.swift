/// Why a data folder cannot be used.
package struct DataFolderError: Error, Equatable {
    /// One line for the operator: what is wrong and what to do.
    package let message: String
    package init(_ message: String) { self.message = message }
}
