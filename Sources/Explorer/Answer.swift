internal import Foundation

/// A JSON object that a route answers: named values, in no order.
struct Answer: Encodable, Sendable {
  private var fields: [(name: String, value: any Encodable & Sendable)] = []

  init(_ fields: KeyValuePairs<String, any Encodable & Sendable> = [:]) {
    self.fields = fields.map { ($0.key, $0.value) }
  }

  /// Adds a value; nil is written as null.
  mutating func add(_ name: String, _ value: (some Encodable & Sendable)?) { fields.append((name, value)) }

  /// Takes in the values of another.
  mutating func add(_ other: Answer) { fields += other.fields }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for field in fields { try container.encode(field.value, forKey: Key(field.name)) }
  }

  /// As JSON text.
  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
      var text = Data("{".utf8)
      for (index, field) in fields.enumerated() {
        text += try encoder.encode(field.name)
        text += Data(":".utf8)
        text += try (field.value as? NumberRows)?.json ?? encoder.encode(field.value)
        if index < fields.count - 1 { text += Data(",".utf8) }
      }
      return text + Data("}".utf8)
    }
  }
}

/// Numbers in rows, what is none as null: many at a time.
struct NumberRows: Encodable, Sendable {
  private let values: [Float]
  private let width: Int

  init(_ values: [Float], width: Int) { (self.values, self.width) = (values, max(1, width)) }

  func encode(to encoder: any Encoder) throws { try numbersInRows(values, width: width).encode(to: encoder) }

  /// The same text as an encoder's, without a container for every number.
  var json: Data {
    var text = "["
    for (index, value) in values.enumerated() {
      text += index % width == 0 ? (index == 0 ? "[" : "],[") : ","
      text += value.isFinite ? value.description : "null"
    }
    return Data((text + (values.isEmpty ? "]" : "]]")).utf8)
  }
}

/// Numbers as base64 of little-endian 32-bit floats.
func packed(_ values: some Sequence<Float>) -> String {
  var bytes: [UInt8] = []
  for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
  return Data(bytes).base64EncodedString()
}

/// The same of double precision.
func packed(_ values: [Double]) -> String { packed(values.lazy.map { Float($0) }) }

/// A number, or nothing where it is none.
func defined(_ value: Double) -> Double? { value.isFinite ? value : nil }

/// Numbers in rows of a width, what is none as nothing.
func numbersInRows<Number: BinaryFloatingPoint>(_ values: [Number], width: Int) -> [[Number?]] {
  stride(from: 0, to: values.count, by: max(1, width)).map { start in
    values[start..<min(start + width, values.count)].map { $0.isFinite ? $0 : nil }
  }
}
