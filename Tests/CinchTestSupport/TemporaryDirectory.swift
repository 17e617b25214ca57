import Foundation

/// A folder of a test's own, removed with everything in it when the test lets go of it.
package final class TemporaryDirectory: Sendable {
    /// Absolute, with links resolved, without a slash at the end.
    package let path: String

    /// Makes the folder.
    package init() throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        path = folder.appendingPathComponent("cinch-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in the folder.
    package func path(_ name: String) -> String { "\(path)/\(name)" }
}
