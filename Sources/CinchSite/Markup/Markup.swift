import Cinch

/// Text from outside, put into HTML and SVG.
package enum Markup {
    /// The text with everything escaped that means something between tags or in an attribute.
    ///
    /// Characters that XML doesn't allow, or that turn the direction of writing, are shown as their
    /// numbers.
    ///
    /// - Parameter isLine: Whether line feeds and tabs are shown, too.
    package static func text(_ text: String, isLine: Bool = false) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var output = ""
        output.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\n" where !isLine, "\t" where !isLine: output.unicodeScalars.append(scalar)
            case _ where isHidden(scalar): output += name(scalar)
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// The text with characters that can't be seen, and are more than a space, as their numbers.
    package static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var output = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                output += name(scalar)
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        TerminalText.escaped(String(scalar)) != String(scalar)
            ? TerminalText.escaped(String(scalar))
            : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        case 0xFFFE, 0xFFFF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x26, 0x3C, 0x3E, 0x22, 0x27, 0..<0x20, 0x7F...: true
        default: false
        }
    }
}
