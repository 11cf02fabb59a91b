/// The greatest of numbers that come one after another.
struct GreatestValues {
  private let capacity: Int
  /// A heap: no element is above its children at 2 i + 1 and 2 i + 2.
  private(set) var values: [Double] = []

  init(capacity: Int) { self.capacity = capacity }

  mutating func add(_ value: Double) {
    if values.count < capacity {
      values.append(value)
      var place = values.count - 1
      while place > 0, values[(place - 1) / 2] > values[place] {
        values.swapAt(place, (place - 1) / 2)
        place = (place - 1) / 2
      }
    } else if let least = values.first, value > least {
      values[0] = value
      var place = 0
      while true {
        let left = 2 * place + 1
        var smallest = place
        if left < capacity, values[left] < values[smallest] { smallest = left }
        if left + 1 < capacity, values[left + 1] < values[smallest] { smallest = left + 1 }
        if smallest == place { return }
        values.swapAt(place, smallest)
        place = smallest
      }
    }
  }
}
