public import Torch

extension TrainedModel {
  /// What changes when one latent alone does: a line for each latent.
  ///
  ///     x(v) = E[x|z], z = centre with z_k = v
  ///
  /// - Parameters:
  ///   - latents: Which, counted from 0; a line each.
  ///   - centre: Where the other latents stay, shape `[latents]`: the prior's mean or the posterior mean of a row.
  ///   - range: The latent goes from −range to range.
  ///   - steps: The observations in a line, both ends among them.
  /// - Throws: ``LatentError`` where the model has no such latent.
  public func traversals(of latents: [Int], around centre: Tensor, range: Double = 3, steps: Int = 9)
    throws(LatentError) -> Strips
  {
    for latent in latents { try demand(latent: latent) }
    let start = centre.values(as: Float.self)
    let values = Ramp.values(from: -range, to: range, steps: steps)
    var (z, places): ([Float], [[String]]) = ([], [])
    for latent in latents {
      for value in values {
        var place = start
        place[latent] = Float(value)
        z += place
        places.append(["\(latent + 1)", value.plain])
      }
    }
    return strips(decoding: z, steps: steps, headings: ["latent", "value"], places: places)
  }

  /// Refuses the number of a latent that the model does not have.
  func demand(latent: Int) throws(LatentError) {
    guard (0..<model.latents).contains(latent) else {
      throw LatentError(
        "the model has no latent \(latent + 1); its \(counted(model.latents, "latent")) \(model.latents == 1 ? "is" : "are") numbered 1 to \(model.latents)."
      )
    }
  }
}
