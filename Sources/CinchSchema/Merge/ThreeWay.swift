/// One value as the three sides of a merge have it; absent where a side doesn't have it.
public struct ThreeWay<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value in the merge base.
    public var base: Value?
    /// The value on the branch that is merged into.
    public var ours: Value?
    /// The value on the branch that is merged.
    public var theirs: Value?

    /// Puts the three sides together.
    public init(base: Value?, ours: Value?, theirs: Value?) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
    }

    /// The same three sides with the labels of ours and theirs exchanged.
    public var swapped: ThreeWay { ThreeWay(base: base, ours: theirs, theirs: ours) }

    func map<Result>(_ change: (Value) -> Result) -> ThreeWay<Result> {
        ThreeWay<Result>(
            base: base.map(change), ours: ours.map(change), theirs: theirs.map(change))
    }
}
