extension NumericArray {
  /// Takes memory whose first dimension varies fastest and puts the same numbers into C order.
  func fromFortranOrder() throws(CodecError) -> NumericArray {
    guard shape.count(where: { $0 != 1 }) > 1, count > 0 else { return self }
    let result = try NumericArray(elementType: elementType, shape: shape)
    switch elementType.byteCount {
    case 1: reorder(into: result, as: UInt8.self)
    case 2: reorder(into: result, as: UInt16.self)
    case 4: reorder(into: result, as: UInt32.self)
    default: reorder(into: result, as: UInt64.self)
    }
    return result
  }

  private func reorder<Word: FixedWidthInteger>(into result: NumericArray, as type: Word.Type) {
    let source = bytes.assumingMemoryBound(to: type)
    let destination = result.bytes.assumingMemoryBound(to: type)
    var strides = shape
    var stride = 1
    for dimension in shape.indices {
      strides[dimension] = stride
      stride *= shape[dimension]
    }
    var index = [Int](repeating: 0, count: shape.count)
    var offset = 0
    for position in 0..<count {
      destination[position] = source[offset]
      for dimension in shape.indices.reversed() {
        index[dimension] += 1
        offset += strides[dimension]
        if index[dimension] < shape[dimension] { break }
        offset -= index[dimension] * strides[dimension]
        index[dimension] = 0
      }
    }
  }
}
