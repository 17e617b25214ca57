/// A virtual table (lang_createvtab): a module and the arguments it was given.
public struct VirtualTable: Hashable, Sendable {
    /// The table's identity; absent until a commit gives it one.
    public var id: StableID?
    /// The table's name.
    public var name: Identifier
    /// The module that implements it.
    public var module: Identifier
    /// The arguments as they were written: their meaning is the module's own.
    public var arguments: [String]

    /// Makes a virtual table.
    public init(
        id: StableID? = nil, name: Identifier, module: Identifier, arguments: [String] = []
    ) {
        self.id = id
        self.name = name
        self.module = module
        self.arguments = arguments
    }

    /// The table without its identity.
    public var withoutID: VirtualTable {
        var copy = self
        copy.id = nil
        return copy
    }
}
