internal import Foundation

/// How much of what models make is recognized by a classifier of real rows: a measure of samples beside what is real and what is nonsense.
///
/// An observation is recognized where p(y|x) of one of the classes is at least ``threshold``. The classifier knows a class more, for
/// what is none of them: see ``nonsense``. The share says nothing of how much the draws vary within a class.
public struct Recognition: Codable, Sendable, Equatable {
  /// What a classifier made of some rows.
  public struct Share: Codable, Sendable, Equatable {
    /// What they are: the prior that they were drawn from, `held-out rows`, or a kind of nonsense.
    public let of: String
    /// How many.
    public let rows: Int
    /// The part that is recognized.
    public let recognized: Double
    /// Its standard error, this classifier given; never 0, also where all or none are recognized (Agresti & Coull, 1998).
    public let error: Double
    /// The part of which the classifier would be as sure if every row had to be of one of the classes, as a plain classifier assumes.
    public let confident: Double
    /// Its standard error.
    public let confidentError: Double
    /// The part that is recognized as each of the classes.
    public let perClass: [Double]
    /// e^H of the classes among what is recognized: as many as there are where all are alike, 1 for always the same one, 0 for none.
    public let effectiveClasses: Double
    /// The classes as which at least 1 % is recognized.
    public let commonClasses: Int

    /// What comes of the numbers of rows recognized as each class.
    ///
    /// - Parameter confident: The rows of which it would be as sure if there were nothing but the classes.
    package init(of name: String, counts: [Int], confident: Int, rows: Int) {
      let recognized = Double(counts.reduce(0, +))
      let total = Double(rows)
      of = name
      self.rows = rows
      func part(_ count: Double) -> (value: Double, error: Double) {
        let middle = (count + 2) / (total + 4)
        return (count / total, (middle * (1 - middle) / (total + 4)).squareRoot())
      }
      (self.recognized, error) = part(recognized)
      (self.confident, confidentError) = part(Double(confident))
      perClass = counts.map { Double($0) / total }
      let parts = counts.filter { $0 > 0 }.map { Double($0) / recognized }
      effectiveClasses = parts.isEmpty ? 0 : exp(-parts.reduce(0) { $0 + $1 * log($1) })
      commonClasses = perClass.count { $0 >= 0.01 }
    }
  }

  /// Where an observation counts as recognized: 0.9.
  public let threshold: Double
  /// The classes' names.
  public let classes: [String]
  /// Rows that the classifier was trained on.
  public let trainingRows: Int
  /// How well it tells rows apart that it was not trained on.
  public let score: ClassifierScore
  /// The same rows: what the best of models could reach.
  public let real: Share
  /// What is none of the classes, made of held-out rows: `splices` and `noise`, which the classifier was taught, `blends` and `averages`,
  /// which it never saw.
  public let nonsense: [Share]
}
