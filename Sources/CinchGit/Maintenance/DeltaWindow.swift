/// The objects that were written last, from which the next one may be a delta.
///
/// Objects come grouped by kind and by the path they were found at, newest first, so that what is
/// alike is near. The measure is git's (`try_delta` in pack-objects.c): a delta is worth it when it
/// takes less than half of the object, and less than that the longer the chain it would end.
struct DeltaWindow {
    /// How many objects are looked at.
    static let size = 10
    /// How many deltas a chain has at most.
    static let depth = 50
    // Git leaves smaller ones whole: a delta of less than four bytes isn't even read.
    private static let smallest = 50
    // Ten of these are in memory at once.
    private static let largest = 32 << 20
    // Small enough to look no further.
    private static let tiny = 32

    private struct Slot {
        var kind: ObjectKind
        var source: DeltaSource
        var offset: Int
        var depth: Int
    }

    /// A delta, where the entry it starts from is, and how many deltas that makes.
    struct Found {
        var delta: [UInt8]
        var base: Int
        var depth: Int
        fileprivate var slot: Int
    }

    // The best last.
    private var slots: [Slot] = []

    /// The best delta there is to an object; nil when it is better left whole.
    func best(for object: Object, hash: Int) -> Found? {
        let size = object.body.count
        guard size >= Self.smallest, size <= Self.largest else { return nil }
        var best: Found?
        for (place, slot) in slots.enumerated().reversed() {
            guard slot.kind == object.kind, slot.depth < Self.depth else { continue }
            let (least, chain) = best.map { ($0.delta.count, $0.depth) } ?? (size / 2 - hash, 1)
            let limit = least * (Self.depth - slot.depth) / (Self.depth - chain + 1)
            let base = slot.source.body.count
            guard limit > 0, size - base < limit, size >= base / 32 else { continue }
            guard let delta = slot.source.delta(to: object.body, limit: limit) else { continue }
            if let best,
                delta.count > best.delta.count
                    || delta.count == best.delta.count && slot.depth + 1 >= best.depth
            {
                continue
            }
            best = Found(delta: delta, base: slot.offset, depth: slot.depth + 1, slot: place)
            if delta.count <= Self.tiny + hash { break }
        }
        // What a delta makes is looked at before anything is built on it.
        guard let best,
            (try? Delta(best.delta).apply(to: slots[best.slot].source.body))
                == object.body
        else { return nil }
        return best
    }

    /// Takes an object in, and lets go of the one that was of use the longest time ago.
    mutating func add(_ object: Object, offset: Int, _ found: Found?) {
        // What served as a base will serve again.
        if let found { slots.append(slots.remove(at: found.slot)) }
        let depth = found?.depth ?? 0
        guard (Self.smallest...Self.largest).contains(object.body.count), depth < Self.depth else {
            return
        }
        if slots.count >= Self.size { slots.removeFirst() }
        slots.append(
            Slot(
                kind: object.kind, source: DeltaSource(object.body), offset: offset, depth: depth))
    }
}
