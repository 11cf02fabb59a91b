internal import Torch

extension TrainedModel {
  /// What a model decodes over a plane of two latents, at places that the prior makes equally likely.
  ///
  ///     x(i, j) = E[x|z], z_a = Φ⁻¹((j + ½) / n), z_b = Φ⁻¹(1 − (i + ½) / n), all others 0
  ///
  /// The first latent grows from left to right and the second from below upwards; Φ is the distribution function of N(0, 1).
  /// - Parameters:
  ///   - latents: Two, counted from 0, or the one of a model that has no more: then there is one line.
  ///   - size: n, the observations in a line.
  /// - Throws: ``LatentError`` where the model has no such latents.
  /// - SeeAlso: Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013, appendix A.
  public func manifold(of latents: [Int], size: Int) throws(LatentError) -> Strips {
    for latent in latents { try demand(latent: latent) }
    guard latents.count == 2 && latents[0] != latents[1] || latents.count == 1 && model.latents == 1 else {
      throw LatentError("a plane has two different latents, such as 1,2.")
    }
    let quantiles = (0..<size).map { StandardNormal.quantile((Double($0) + 0.5) / Double(size)) }
    var (z, places): ([Float], [[String]]) = ([], [])
    for second in latents.count == 2 ? quantiles.reversed() : [0] {
      for first in quantiles {
        var place = [Float](repeating: 0, count: model.latents)
        place[latents[0]] = Float(first)
        if latents.count == 2 { place[latents[1]] = Float(second) }
        z += place
        places.append(latents.count == 2 ? [first.plain, second.plain] : [first.plain])
      }
    }
    return strips(decoding: z, steps: size, headings: latents.map { "latent \($0 + 1)" }, places: places)
  }
}
