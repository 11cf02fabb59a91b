internal import Foundation

/// The threads that one operation is spread over.
public enum Threads {
  /// Operations of one step below which a second thread costs more than it does.
  ///
  /// Measured with perceptrons on a 4-core machine: at 160 million (the digits preset) one thread is the fastest, at 500 million
  /// (the small MNIST preset) all four are.
  static let worthSharing = 3e8

  /// What was asked for, or all cores where that is 0.
  public static func count(asked: Int) -> Int { asked > 0 ? asked : ProcessInfo.processInfo.activeProcessorCount }

  /// What was asked for; where that is 0, all cores, or one where a step is too little work to share.
  ///
  /// A parameter takes part in a product forward and in two backward, two operations each, for every row and draw.
  static func count(asked: Int, parameters: Int, rows: Int, samples: Int) -> Int {
    let work = 6 * Double(parameters) * Double(rows) * Double(samples)
    return asked == 0 && work < worthSharing ? 1 : count(asked: asked)
  }
}
