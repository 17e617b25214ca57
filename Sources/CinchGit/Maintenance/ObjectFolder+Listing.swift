extension LooseObjectStore {
    /// Every object with a file of its own, unsorted.
    func all() throws -> [ObjectID] {
        var ids: [ObjectID] = []
        for slot in 0..<256 {
            let digits =
                [UInt8](
                    (slot < 16 ? "0" : "").utf8) + [UInt8](String(slot, radix: 16).utf8)
            let folder = "\(folder)/\(String(decoding: digits, as: UTF8.self))"
            for name in try FileSystem.names(in: folder) ?? []
            where name.utf8.count == format.hexCount - 2 {
                if let id = ObjectID(hexBytes: digits + Array(name.utf8)) { ids.append(id) }
            }
        }
        return ids
    }
}

extension Pack {
    /// Whether it is to stay as it is: somebody has put a `.keep` beside it, or it is of a partial
    /// clone.
    func isKept() throws -> Bool {
        for end in ["keep", "promisor"] where try FileSystem.kind(of: "\(path).\(end)") != nil {
            return true
        }
        return false
    }
}
