internal import Foundation
public import Torch

/// What filling in is to be compared with: the rows that the model was trained on where they can be read, else what is known of the
/// rows to be filled in.
public struct ImputationReference {
  /// The mean of each element over the rows, in the data's units, shape `[D]`; the middle of the scale where nothing is known.
  public let columnMeans: Tensor
  /// Whether the rows are those that the model was trained on.
  public let isOfTraining: Bool

  private let data: DataDescription
  private let latents: Int
  /// The rows as the model sees them, `float32`, not-a-number where nothing is known.
  private let rows: Tensor
  private let validation: Tensor?

  /// The rows of a model's training and validation; without them, `other`.
  public init(of trained: TrainedModel, orOf other: Dataset) {
    let partition = try? trained.partition()
    let raw = (partition?.training ?? other).values.to(type: .float32, device: .cpu)
    isOfTraining = partition != nil
    data = trained.data
    latents = trained.model.latents
    rows = data.scaling.toModel(raw)
    validation = (partition?.validation).map { trained.data.scaling.toModel($0.values.to(device: .cpu)) }
    let values = raw.to(type: .float64)
    let isKnown = values.isNaN().logicalNot()
    let sums = Tensor.choose(values, where: isKnown, else: .zeros([], type: .float64)).sum(over: 0)
    let counts = isKnown.to(type: .float64).sum(over: 0)
    let middle = data.scaling.toRaw(.zeros([data.dimensions], type: .float64))
    columnMeans = Tensor.choose(sums / counts, where: counts .> 0, else: middle).to(type: .float32)
  }

  /// Fills in without the model: by column means, by probabilistic principal components with the model's number of latents, and by those
  /// with the number that does best.
  ///
  /// The best number is that of the least squared error on the validation rows with the same holes, or where there are none on a tenth of
  /// the training rows, kept from the fit. D − 1 components, a Gaussian with full covariance, are among those tried. Where the
  /// training rows cannot be read, the full Gaussian is fitted to what is known of the rows themselves, by EM, if they are a table.
  /// - Parameter dataset: The rows.
  /// - Parameter isMissing: What of them is not to be looked at, shape `[rows, D]`, not-a-number apart.
  public func baselines(for dataset: Dataset, missing isMissing: Tensor) -> [ImputationBaseline] {
    withoutGradients {
      let missing = isMissing.to(type: .float32, device: .cpu) .> 0
      let x = Self.holed(data.scaling.toModel(dataset.values.to(device: .cpu)), where: missing)
      func baseline(_ kind: ImputationBaseline.Kind, _ model: LinearGaussianModel) -> ImputationBaseline {
        let scaled = Self.filled(x, by: model).to(type: .float32)
        return ImputationBaseline(kind: kind, isOfTraining: isOfTraining, means: data.scaling.toRaw(scaled))
      }
      let columns = ImputationBaseline(
        kind: .columnMeans, isOfTraining: isOfTraining, means: columnMeans.expanded(x.shape))
      guard isOfTraining else {
        guard !data.isPicture, (2...Self.widestTable).contains(data.dimensions) else { return [columns] }
        return [columns, baseline(.gaussian, LinearGaussianModel(gaussianOf: x))]
      }
      let candidates = PrincipalComponentSeries(fitted())
      let own = candidates.model(latents).map { baseline(.principalComponents(latents: latents, best: nil), $0) }
      guard let best = best(of: candidates, missing: missing) else { return [columns] + (own.map { [$0] } ?? []) }
      return [columns] + (own.map { [$0] } ?? [])
        + [baseline(.principalComponents(latents: best.model.latents, best: best.choice), best.model)]
    }
  }

  /// The number of rows in a part kept from the fit, where there are no validation rows.
  private var kept: Int { validation == nil ? rows.extent(0) / 10 : 0 }

  /// The rows of the fit: all, or so many that it takes no more than some seconds. Their order is random.
  private func fitted() -> Tensor {
    let most = data.dimensions > Self.widestMatrix ? Self.widestMatrix : (1 << 25) / data.dimensions
    return rows[kept..<max(kept, min(rows.extent(0), kept + most))]
  }

  private func best(
    of candidates: PrincipalComponentSeries, missing: Tensor
  ) -> (model: LinearGaussianModel, choice: ImputationBaseline.Choice)? {
    let judges = validation ?? rows[0..<kept]
    let count = min(judges.extent(0), 500)
    guard count > 1 else { return nil }
    let truth = judges[0..<count].to(type: .float64)
    let pattern = missing.rows(Tensor((0..<count).map { Int64($0 % missing.extent(0)) }))
    let x = Self.holed(judges[0..<count], where: pattern)
    var best: (model: LinearGaussianModel, error: Double)?
    var (tried, worse) = ([Int](), 0)
    // Beyond the best the error rises; three in a row that are worse are no chance.
    for latents in Set(candidates.latents + [latents]).sorted() where worse < 3 {
      guard let model = candidates.model(latents) else { continue }
      let error = (Self.filled(x, by: model) - truth).squared().sum().item
      tried.append(latents)
      worse = error < best?.error ?? .infinity ? 0 : worse + 1
      if worse == 0 { best = (model, error) }
    }
    return best.map {
      ($0.model, .init(tried: tried, rows: count, isOfValidation: validation != nil))
    }
  }

  /// Rows with holes, in double precision.
  private static func holed(_ x: Tensor, where missing: Tensor) -> Tensor {
    .choose(.full([], .nan, type: .float64), where: missing, else: x.to(type: .float64))
  }

  /// The expectation of what is missing, some rows at a time: each of them can take a matrix of its own.
  private static func filled(_ x: Tensor, by model: LinearGaussianModel) -> Tensor {
    let chunk = max(1, (1 << 23) / max(1, model.latents * model.dimensions))
    let parts = stride(from: 0, to: x.extent(0), by: chunk).map { start in
      model.imputedMeans(x[start..<min(start + chunk, x.extent(0))])
    }
    return .concatenate(parts)
  }

  private static let widestMatrix = 2048
  private static let widestTable = 100
}
