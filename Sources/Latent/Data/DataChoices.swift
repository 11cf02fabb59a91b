/// How raw values become what a likelihood describes: x = (raw − offset) / scale.
public enum ScalingKind: String, NamedValue {
  /// ``unit`` for pictures, ``standard`` for tables.
  case automatic
  /// The values as they are.
  case none
  /// To [0, 1].
  case unit
  /// To mean 0 and deviation 1.
  case standard

  /// This choice with `automatic` decided by what the data is.
  public func resolved(for dataset: Dataset) -> ScalingKind {
    switch self {
    case .automatic: dataset.isPicture ? .unit : .standard
    case .none, .unit, .standard: self
    }
  }
}

/// Whether and how values in [0, 1] become 0 or 1.
public enum Binarization: String, NamedValue {
  /// Values stay as they are.
  case none
  /// Every time a row is used, 1 is drawn with the value as its probability.
  case dynamic
  /// As dynamic, but drawn once for all, from the seed of the split.
  case fixed
  /// 1 from 0.5 on.
  case threshold
}

/// What happens to rows in which a value is missing.
public enum MissingValues: String, NamedValue {
  /// The data is refused.
  case refuse
  /// Such rows are left out.
  case drop
}

/// The channels that picture files are read with.
public enum PictureChannels: String, NamedValue {
  /// Colour if any picture has it, else grey.
  case automatic
  /// One channel.
  case grey
  /// Red, green and blue.
  case colour

  var count: Int? {
    switch self {
    case .automatic: nil
    case .grey: 1
    case .colour: 3
    }
  }
}
