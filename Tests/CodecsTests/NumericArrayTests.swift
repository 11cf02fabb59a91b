import Codecs
import Testing

@Suite("Numeric arrays")
struct NumericArrayTests {
  @Test("Memory is aligned to 64 bytes and as long as shape and type say", arguments: ElementType.allCases)
  func memory(type: ElementType) throws {
    let array = try NumericArray(elementType: type, shape: [3, 5])
    array.withUnsafeBytes { bytes in
      #expect(bytes.count == 15 * type.byteCount)
      #expect(Int(bitPattern: bytes.baseAddress) % 64 == 0)
    }
    #expect(array.count == 15)
  }

  @Test("A shape without dimensions is one number, one with an extent of zero none")
  func degenerateShapes() throws {
    #expect(try NumericArray([Float(4)], shape: []).values(as: Float.self) == [4])
    #expect(try NumericArray([Float](), shape: [3, 0, 2]).values(as: Float.self) == [])
  }

  @Test("Every type converts to the nearest Float and Double")
  func conversion() throws {
    #expect(try NumericArray([true, false], shape: [2]).values(as: Float.self) == [1, 0])
    #expect(try NumericArray([Int8(-5), 7], shape: [2]).values(as: Double.self) == [-5, 7])
    #expect(try NumericArray([UInt16.max], shape: [1]).values(as: Float.self) == [65535])
    #expect(try NumericArray([UInt64.max], shape: [1]).values(as: Double.self) == [0x1p64])
    #expect(try NumericArray([Float16(0.25)], shape: [1]).values(as: Float.self) == [0.25])
    #expect(try NumericArray([1e300, -1e300], shape: [2]).values(as: Float.self) == [.infinity, -.infinity])
  }

  @Test("A part converts into memory of the caller")
  func partialConversion() throws {
    let array = try NumericArray([UInt8](0..<10), shape: [5, 2])
    var numbers = [Float](repeating: 0, count: 4)
    numbers.withUnsafeMutableBufferPointer { array.convert(from: 4, into: $0) }
    #expect(numbers == [4, 5, 6, 7])
  }

  @Test("Whole numbers are given only when each is one")
  func wholeNumbers() throws {
    #expect(try NumericArray([Float(2), -3], shape: [2]).values(as: Int.self) == [2, -3])
    #expect(
      sentence { try NumericArray([0.5], shape: [1]).values(as: Int.self) }.contains("0.5, which is not a whole number")
    )
    #expect(sentence { try NumericArray([Float.nan], shape: [1]).values(as: Int.self) }.contains("not a whole number"))
    #expect(sentence { try NumericArray([UInt64.max], shape: [1]).values(as: Int.self) }.contains("more than"))
  }

  @Test("Impossible shapes are refused", arguments: [[-1], [Int.max, 2], [1 << 40, 1 << 40], [1 << 60]])
  func impossibleShapes(shape: [Int]) {
    #expect(sentence { try NumericArray(elementType: .float64, shape: shape) }.contains("does not fit in memory"))
  }

  @Test("Values that do not fill the shape are refused")
  func wrongCount() {
    #expect(sentence { try NumericArray([Float(1)], shape: [2]) }.contains("holds 2 numbers, but 1 were given"))
  }
}
