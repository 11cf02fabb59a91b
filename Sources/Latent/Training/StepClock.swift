/// Where the time of training steps goes.
struct StepClock {
  /// Seconds of the parts of a step.
  struct Parts {
    /// Gathering rows and bringing them to the model's scale.
    var batch: [Double] = []
    /// The terms of the objective.
    var forward: [Double] = []
    /// Their gradients, and changing the parameters where that is done while they are found.
    var backward: [Double] = []
    /// Changing the parameters by gradients that were found before.
    var optimizer: [Double] = []
  }

  /// Whether all gradients are found before the parameters change, so that each can be timed.
  let isApart: Bool
  private(set) var parts = Parts()
  private var last = ContinuousClock.now

  init(isApart: Bool = false) { self.isApart = isApart }

  /// Begins a step.
  mutating func start() { last = .now }

  /// Ends a part.
  mutating func mark(_ part: WritableKeyPath<Parts, [Double]>) {
    let now = ContinuousClock.now
    parts[keyPath: part].append(last.duration(to: now).seconds)
    last = now
  }
}
