extension ReferenceDatabase {
    /// Moves references from files of their own to `packed-refs`, as `git pack-refs --all` does.
    ///
    /// A reference's file goes when `packed-refs` is on disk, under the reference's lock, and while
    /// both say the same.
    ///
    /// - Parameter peel: What an annotated tag leads to; nil for any other object.
    /// - Returns: How many were moved.
    func pack(peel: (ObjectID) throws -> ObjectID?) throws -> Int {
        var moved: [ReferenceName] = []
        do {
            let lock = try lockPacked()
            defer { lock.release() }
            var packed = try self.packed()
            for (name, reference) in try list("refs/") {
                guard case .direct(let id) = reference, try loose(name) != nil else { continue }
                packed.set(.init(name: name, id: id, peeled: try peel(id)))
                moved.append(name)
            }
            guard !moved.isEmpty else { return 0 }
            try replacePacked(by: packed)
        }
        for name in moved {
            let lock = try self.lock(name)
            defer {
                lock.release()
                removeEmptyFolders(above: name.path)
            }
            guard case .direct(let id)? = try loose(name), try packed()[name]?.id == id else {
                continue
            }
            try FileSystem.removeFile(path(of: name))
        }
        return moved.count
    }
}
