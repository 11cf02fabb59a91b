/// The kind of likelihood that suits values, and why.
struct LikelihoodSuggestion {
  let kind: String
  let reason: String

  /// - Parameter columnsFromZero: The share of columns whose least value is 0.
  init(isPicture: Bool, minimum: Double, maximum: Double, isWhole: Bool, levels: ValueSpread, columnsFromZero: Double) {
    let range = "from \(minimum.brief) to \(maximum.brief)"
    if levels.distinct == 2, minimum == 0, isPicture || maximum == 1 {
      self.init(kind: "bernoulli", reason: "There are only the values 0 and \(maximum.brief).")
    } else if !isPicture {
      let looksCounted = isWhole && minimum >= 0 && maximum > 1 && columnsFromZero > 0.8 && levels.zeros > 0.2
      self.init(
        kind: "gaussian",
        reason: looksCounted
          ? "The values look like counts \(range), for which there is no likelihood of their own yet."
          : isWhole ? "The columns hold whole numbers \(range)." : "The columns hold real numbers \(range).")
    } else if isWhole, minimum >= 0, maximum < 32 {
      self.init(kind: "categorical", reason: "The pixels have the \((maximum + 1).brief) levels 0 to \(maximum.brief).")
    } else if minimum < 0 {
      self.init(kind: "gaussian", reason: "The pixels go \(range), below 0.")
    } else if levels.extremes > 0.75 {
      let share = ((100 * levels.extremes).rounded()).brief
      self.init(kind: "bernoulli", reason: "\(share) % of the pixels are almost black or almost white.")
    } else {
      self.init(kind: "continuous-bernoulli", reason: "The pixels are greys or colours \(range).")
    }
  }

  private init(kind: String, reason: String) { (self.kind, self.reason) = (kind, reason) }
}
