/// Reads the few Python literals that the header of a `.npy` file is made of.
struct PythonScanner {
  enum Value {
    case text(String)
    case boolean(Bool)
    case tuple([Int])
    /// A list, as the description of a record type is; what it holds does not matter.
    case list
  }

  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// A dictionary from texts to values, or nil when there is none here.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var result: [String: Value] = [:]
    while !take("}") {
      guard let key = text(), take(":"), let value = value() else { return nil }
      result[key] = value
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    return result
  }

  private mutating func value() -> Value? {
    switch peek() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map(Value.text)
    case UInt8(ascii: "("): return tuple().map(Value.tuple)
    case UInt8(ascii: "["): return skipList() ? .list : nil
    case UInt8(ascii: "T"): return take("True") ? .boolean(true) : nil
    case UInt8(ascii: "F"): return take("False") ? .boolean(false) : nil
    default: return nil
    }
  }

  private mutating func text() -> String? {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var result: [Int] = []
    while !take(")") {
      guard let number = integer() else { return nil }
      result.append(number)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return result.count <= 64 ? result : nil
  }

  private mutating func integer() -> Int? {
    skipSpaces()
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    let number = Int(String(decoding: bytes[start..<position], as: UTF8.self))
    _ = take("L")
    return number
  }

  private mutating func skipList() -> Bool {
    var depth = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "[") { depth += 1 }
      if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func peek() -> UInt8? {
    skipSpaces()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ word: StaticString) -> Bool {
    skipSpaces()
    return word.withUTF8Buffer { letters in
      guard bytes.count - position >= letters.count, bytes[position..<position + letters.count].elementsEqual(letters)
      else { return false }
      position += letters.count
      return true
    }
  }

  private mutating func skipSpaces() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }
}
