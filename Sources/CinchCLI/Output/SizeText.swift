/// Sizes in git's words (strbuf.c, `strbuf_humanise_bytes`).
enum SizeText {
    /// `1.50 MiB`, `12 bytes`.
    static func human(_ bytes: Int) -> String {
        func text(_ value: Int, _ shift: Int, _ unit: String) -> String {
            let hundredths = ((value & ((1 << shift) - 1)) * 100) >> shift
            return "\(value >> shift).\(hundredths < 10 ? "0" : "")\(hundredths) \(unit)"
        }
        if bytes > 1 << 30 { return text(bytes, 30, "GiB") }
        if bytes > 1 << 20 { return text(bytes + 5243, 20, "MiB") }
        if bytes > 1 << 10 { return text(bytes + 5, 10, "KiB") }
        return "\(bytes) byte\(bytes == 1 ? "" : "s")"
    }
}
