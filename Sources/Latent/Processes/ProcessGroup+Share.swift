extension ProcessGroup {
  /// Some of the rows that processes share.
  package struct Share: Sendable, Equatable {
    /// Among those that are shared, never empty.
    package let rows: Range<Int>
    /// How many of them count.
    package let counted: Int
    /// The part of a mean over all rows that is these rows' mean.
    package let weight: Double

    /// The rows of one of several processes.
    ///
    /// Where there are fewer rows than processes, some take a row that does not count, so that all do the same.
    ///
    /// - Parameter count: At least one.
    package init(rank: Int, size: Int, count: Int) {
      let own = count * rank / size..<count * (rank + 1) / size
      rows = own.isEmpty ? 0..<1 : own
      counted = own.count
      weight = Double(own.count) / Double(count)
    }
  }
}
