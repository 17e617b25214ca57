/// A view (lang_createview).
public struct View: Hashable, Sendable {
    /// The view's name.
    public var name: Identifier
    /// The names given to its columns; empty when the SELECT names them.
    public var columns: [Identifier]
    /// The SELECT.
    public var select: Expression

    /// Makes a view.
    public init(name: Identifier, columns: [Identifier] = [], select: Expression) {
        self.name = name
        self.columns = columns
        self.select = select
    }
}
