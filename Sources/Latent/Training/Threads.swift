internal import Torch

/// The threads that one operation is spread over.
public enum Threads {
  /// Operations of one step, of training or of a task, below which a second thread costs more than it does.
  ///
  /// Measured with perceptrons on a 4-core machine: at 60 million (the classic benchmark's batches of 20) one thread is a quarter
  /// faster, at 160 million (the digits preset) all four are by a fifth.
  static let worthSharing = 1e8

  /// What was asked for, or all cores where that is 0.
  public static func count(asked: Int) -> Int { count(asked: asked, sharers: 1) }

  /// What was asked for, or this process's part of the cores that so many processes run on at once.
  static func count(asked: Int, sharers: Int) -> Int { asked > 0 ? asked : max(1, Engine.cores / sharers) }

  /// What was asked for; where that is 0, all cores, or one where a step is too little work to share.
  ///
  /// - Parameter operations: Multiplications and additions of one step.
  public static func count(asked: Int, operations: Double) -> Int {
    count(asked: asked, operations: operations, sharers: 1)
  }

  /// The same of one of several processes that run on the same cores at once, each of which takes its part of them.
  static func count(asked: Int, operations: Double, sharers: Int) -> Int {
    asked == 0 && operations < worthSharing ? 1 : count(asked: asked, sharers: sharers)
  }

  /// The operations of a training step.
  ///
  /// A parameter takes part in a product forward and in two backward, two operations each, for every row and draw.
  public static func training(parameters: Int, rows: Int, samples: Int = 1) -> Double {
    3 * passing(parameters: parameters, rows: rows, samples: samples)
  }

  /// The operations of a pass of rows through a model.
  public static func passing(parameters: Int, rows: Int, samples: Int = 1) -> Double {
    2 * Double(parameters) * Double(rows) * Double(samples)
  }
}
