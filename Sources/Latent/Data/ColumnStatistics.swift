internal import Torch

/// What the values of one column, or of all pixels, amount to; missing ones do not count.
struct ColumnStatistics {
  var count = 0
  var missing = 0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var isWhole = true
  var mean = 0.0
  var deviation = 0.0

  /// Of every column by itself.
  static func columns(of dataset: Dataset) -> [ColumnStatistics] {
    gather(dataset.values.to(type: .float32, device: .cpu).contiguous(), columns: dataset.dimensions)
  }

  /// Of all values together.
  static func overall(of dataset: Dataset) -> ColumnStatistics {
    let values = dataset.values.to(device: .cpu).contiguous()
    if values.type == .uint8 { return ColumnStatistics(histogram: histogram(of: values)) }
    return gather(values, columns: 1).first ?? ColumnStatistics()
  }

  /// How often each byte occurs.
  static func histogram(of values: Tensor) -> [Int] {
    // Four counters a byte: runs of equal bytes would else wait for one another.
    var counts = [Int](repeating: 0, count: 4 * 256)
    values.withUnsafeMutableBytes { bytes in
      counts.withUnsafeMutableBufferPointer { counts in
        for index in 0..<bytes.count { counts[(index & 3) << 8 | Int(bytes[index])] &+= 1 }
      }
    }
    return (0..<256).map { counts[$0] + counts[$0 + 256] + counts[$0 + 512] + counts[$0 + 768] }
  }

  private init() {}

  private init(histogram: [Int]) {
    count = histogram.reduce(0, +)
    guard count > 0 else {
      self.finish(squares: 0)
      return
    }
    minimum = Double(histogram.firstIndex { $0 > 0 } ?? 0)
    maximum = Double(histogram.lastIndex { $0 > 0 } ?? 0)
    mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / Double(count)
    let mean = mean
    finish(
      squares: histogram.enumerated().reduce(0) { sum, level in
        let distance = Double(level.offset) - mean
        return sum + distance * distance * Double(level.element)
      })
  }

  private mutating func finish(squares: Double) {
    // Rounding gives a constant column a mean beside its value.
    deviation = maximum > minimum ? (squares / Double(count)).squareRoot() : 0
    if count == 0 { (minimum, maximum) = (0, 0) }
  }

  private static func gather(_ values: Tensor, columns: Int) -> [ColumnStatistics] {
    var result = [ColumnStatistics](repeating: ColumnStatistics(), count: columns)
    guard columns > 0 else { return result }
    var squares = [Double](repeating: 0, count: columns)
    values.withUnsafeMutableBytes { bytes in
      let numbers = bytes.assumingMemoryBound(to: Float.self)
      for start in stride(from: 0, to: numbers.count, by: columns) {
        for column in 0..<columns { result[column].add(Double(numbers[start + column])) }
      }
      for column in 0..<columns { result[column].mean /= Double(max(1, result[column].count)) }
      for start in stride(from: 0, to: numbers.count, by: columns) {
        for column in 0..<columns {
          let distance = Double(numbers[start + column]) - result[column].mean
          if !distance.isNaN { squares[column] += distance * distance }
        }
      }
    }
    for column in 0..<columns { result[column].finish(squares: squares[column]) }
    return result
  }

  /// Adds a value to all but the deviation; the mean stays a sum until the last.
  @inline(__always)
  private mutating func add(_ value: Double) {
    guard !value.isNaN else {
      missing += 1
      return
    }
    count += 1
    mean += value
    if value < minimum { minimum = value }
    if value > maximum { maximum = value }
    if isWhole && value != value.rounded() { isWhole = false }
  }
}
