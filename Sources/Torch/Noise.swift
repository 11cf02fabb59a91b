internal import CTorch

/// A source of random numbers, handed to every function that draws.
///
/// There is no global seed: the same seed, device and number of threads give the same bytes.
public final class Noise {
  let handle: ct_generator

  /// Where its draws are made.
  public let device: Device

  /// What is done with draws, for the time of a closure; see ``NoiseTape``.
  var tape: (tape: NoiseTape, isPlaying: Bool)?

  /// A source that starts from a seed.
  public init(seed: UInt64, on device: Device = .cpu) {
    var out = ct_generator()
    demand("noise", ct_generator_make(seed, device.code, &out))
    handle = out
    self.device = device
  }

  /// A source for one purpose among several that start from the same seed.
  ///
  /// - Parameter stream: The purpose, such as `"shuffling"`; sources of different purposes are independent.
  /// - Parameter index: A number within the purpose, such as the epoch.
  public convenience init(seed: UInt64, stream: String, index: Int = 0, on device: Device = .cpu) {
    var state = Self.mixed(seed)
    for byte in stream.utf8 { state = Self.mixed(state ^ UInt64(byte)) }
    self.init(seed: Self.mixed(state ^ UInt64(bitPattern: Int64(index))), on: device)
  }

  deinit { ct_generator_free(handle) }

  /// Everything that decides what will be drawn next.
  public var state: [UInt8] {
    let tensor = Tensor.make("noise state") { ct_generator_state(handle, $0) }
    return tensor.values(as: UInt8.self)
  }

  /// Goes on from a state that was read before.
  ///
  /// - Throws: ``TorchError`` where the bytes are not a state of a source on this device.
  public func restore(_ state: [UInt8]) throws(TorchError) {
    let tensor = Tensor(state, shape: [state.count])
    try check(ct_generator_set_state(handle, tensor.handle))
  }

  /// One step of SplitMix64: neighbouring seeds give unrelated ones.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Noise {
  /// Independent draws from N(0, 1).
  public func normal(_ shape: [Int], type: ElementKind = .float32) -> Tensor {
    taped(.normal, shape, type) ?? drawn(.normal, shape, type)
  }

  /// Independent draws from the uniform distribution on [0, 1).
  public func uniform(_ shape: [Int], type: ElementKind = .float32) -> Tensor {
    taped(.uniform, shape, type) ?? drawn(.uniform, shape, type)
  }

  /// The numbers 0 ..< count in random order.
  public func permutation(_ count: Int) -> Tensor {
    refuseTape()
    return .make("permutation") { ct_random_permutation(Int64(count), device.code, handle, $0) }
  }

  /// 1 with the given probability, else 0, for each element.
  public func bernoulli(_ probabilities: Tensor) -> Tensor {
    refuseTape()
    return .make("bernoulli") { ct_random_bernoulli(probabilities.handle, handle, $0) }
  }

  /// Draws of a category, with replacement, in proportion to each row's weights.
  ///
  /// - Parameter weights: Shape `[rows, categories]`, not negative.
  /// - Returns: Shape `[rows, count]`, `int64`.
  public func categories(_ weights: Tensor, count: Int = 1) -> Tensor {
    refuseTape()
    return .make("categories") { ct_random_categories(weights.handle, Int64(count), handle, $0) }
  }

  /// Each number 0 with a probability, which is rounded to a whole number of 65536ths, else scaled so that the mean stays.
  ///
  /// - Parameter probability: At least 0 and below 1.
  public func dropout(_ values: Tensor, probability: Double) -> Tensor {
    if let kept = taped(.kept(probability), values.shape, values.type) { return values * kept }
    return .make("dropout") { ct_dropout(values.handle, probability, handle, $0) }
  }
}
