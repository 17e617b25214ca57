/// Files that are written from something else, into a folder of a person's own.
///
/// Each is known by its header. One without it is somebody's work and never touched.
package struct GeneratedFiles: Sendable {
    private let folder: String

    /// Files in a folder, which is made if need be.
    ///
    /// - Parameter folder: Absolute.
    package init(folder: String) { self.folder = folder }

    /// Writes files, each complete and on disk when it returns; those that are what they were
    /// already are left alone. Nothing is written when one of them is in somebody's way.
    ///
    /// - Parameter files: Names in the folder, and texts whose first line is their header; an empty
    ///   text has none, and is only written where nothing is.
    /// - Throws: `CinchError` with `.exists` for a file that is not ours.
    package func write(_ files: [(name: String, text: String)]) throws {
        for (name, text) in files { try demandOurs(name, file(name).read(), text) }
        for (name, text) in files {
            let file = file(name)
            guard try file.read() != Array(text.utf8) else { continue }
            // Again under the lock: somebody may have put theirs there meanwhile.
            try file.update { old in
                try demandOurs(name, old, text)
                return Array(text.utf8)
            }
        }
    }

    private func demandOurs(_ name: String, _ old: [UInt8]?, _ text: String) throws {
        guard let old, !old.isEmpty, Array(text.utf8) != old else { return }
        let mark = text.utf8.prefix { $0 != 0x0A }
        guard !mark.isEmpty, old.starts(with: mark) else {
            throw CinchError(
                code: .exists, message: "'\(folder)/\(name)' was not written by cinch",
                hint: "Move it away, or write into another folder.")
        }
    }

    private func file(_ name: String) -> DurableFile {
        DurableFile(path: "\(folder)/\(name)", makesFolder: true)
    }
}
