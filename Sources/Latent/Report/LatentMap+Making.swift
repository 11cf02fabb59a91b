internal import Foundation
internal import Torch

extension ReportContent.LatentMap {
  /// The posterior means of rows: as they are for up to two latents, else along their two principal axes.
  ///
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  init(of rows: Dataset, by trained: TrainedModel, using noise: Noise) throws(LatentError) {
    let codes = try trained.codes(of: rows, using: noise)
    let means = codes.means.to(type: .float64)
    // Without validation rows nothing has looked at these weights yet; the measures warn of what is not a number.
    guard means.isAllFinite else { return }
    labels = rows.labels?.map(Int.init) ?? []
    labelNames = rows.labelNames
    switch means.extent(1) {
    case 1:
      axes = ["latent 1: mean", "latent 1: deviation of the posterior"]
      (x, y) = (means.values(), codes.deviations.values())
    case 2:
      axes = ["latent 1", "latent 2"]
      (x, y) = (means.selected(along: 1, 0).values(), means.selected(along: 1, 1).values())
    default:
      let centred = means - means.mean(over: 0, keepingDimensions: true)
      let eigen = centred.transposed().times(centred).symmetricEigen()
      let total = eigen.values.sum().item
      let last = means.extent(1) - 1
      func axis(_ name: String, _ index: Int) -> (String, [Double]) {
        let share = total > 0 ? eigen.values[index].item / total : 0
        let coordinates = centred.times(eigen.vectors.narrowed(along: 1, from: index, count: 1))
        return (
          "\(name) principal axis (\(String(format: "%.0f", share * 100)) % of the variance)", coordinates.values()
        )
      }
      let (first, second) = (axis("first", last), axis("second", last - 1))
      axes = [first.0, second.0]
      (x, y) = (first.1, second.1)
    }
  }
}
