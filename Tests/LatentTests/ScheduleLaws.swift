import Foundation
import Latent
import Testing

/// What holds for every schedule.
@Suite struct ScheduleLaws {
  /// Schedules that jump by design; every other is held to have no jumps.
  private static let jumping = [StepSchedule.kind, CyclicalSchedule.kind, StagesSchedule.kind]

  private static let moments = (0...2000).map { Double($0) / 100 }

  private func isValid(_ schedule: any Schedule, epochs: Int) -> Bool {
    var configuration = Configuration()
    configuration.training.epochs = epochs
    configuration.training.divergenceSchedule = Chosen(schedule)
    return (try? configuration.validate()) != nil
  }

  @Test(arguments: Subjects.schedules)
  func `factors lie between 0 and 1`(subject: Subject<any Schedule>) {
    for epochs in [1, 7, 20] {
      for part in Self.moments.map({ $0 / 20 * Double(epochs) }) {
        #expect((0...1).contains(subject.member.factor(at: part, of: epochs)), "at \(part) of \(epochs)")
      }
    }
  }

  @Test(arguments: Subjects.schedules)
  func `a valid warm-up ends before training does, at the full factor`(subject: Subject<any Schedule>) {
    for epochs in [1, 5, 10, 11, 20, 1000] {
      let end = subject.member.warmUpEnd(epochs: epochs)
      #expect(end >= 0 && isValid(subject.member, epochs: epochs) == (end < Double(epochs)))
      if end > 0, end < Double(epochs) {
        // Rounding of one division.
        #expect(abs(subject.member.factor(at: end, of: epochs) - 1) < 1e-12)
      }
    }
    #expect(isValid(subject.member, epochs: 1000))
  }

  @Test(arguments: Subjects.schedules.filter { !jumping.contains(type(of: $0.member).kind) })
  func `the factor has no jumps`(subject: Subject<any Schedule>) {
    let epochs = 20
    let factors = (0...20_000).map { subject.member.factor(at: Double($0) / 1000, of: epochs) }
    // The steepest of them rises by 1 within a fortieth of training at the least: by 0.002 in a thousandth of an epoch.
    #expect(zip(factors, factors.dropFirst()).allSatisfy { abs($0 - $1) <= 0.002 })
  }

  @Test func `schedules have the values of their formulas`() {
    #expect(ConstantSchedule().factor(at: 3, of: 10) == 1)
    var warmUp = WarmUpSchedule()
    (warmUp.epochs, warmUp.start) = (4, 0.2)
    #expect(
      zip([0.0, 1, 2, 4, 9].map { warmUp.factor(at: $0, of: 10) }, [0.2, 0.4, 0.6, 1, 1]).allSatisfy {
        abs($0 - $1) < 1e-15
      })
    var cosine = CosineSchedule()
    (cosine.warmUp, cosine.end) = (2, 0.1)
    let cosines = [0.0, 1, 2, 6, 10].map { cosine.factor(at: $0, of: 10) }
    #expect(zip(cosines, [0, 0.5, 1, 0.55, 0.1]).allSatisfy { abs($0 - $1) < 1e-15 })
    cosine.warmUp = 0.2
    #expect([0.0, 1, 2, 6, 10].map { cosine.factor(at: $0, of: 10) } == cosines, "a fifth of 10 epochs is 2")
    var step = StepSchedule()
    (step.every, step.by) = (3, 0.5)
    #expect([0, 2.99, 3, 5.5, 6, 9].map { step.factor(at: $0, of: 10) } == [1, 1, 0.5, 0.5, 0.25, 0.125])
    let stages = [0, 0.99, 1, 3.99, 4, 13, 39.9, 40, 1093, 9999].map { StagesSchedule().factor(at: $0, of: 3280) }
    let exponents = [0.0, 0, 1, 1, 2, 3, 3, 4, 7, 7]
    #expect(zip(stages, exponents).allSatisfy { abs($0 - pow(10, -$1 / 7)) < 1e-15 })
    // The stages are those of the whole schedule, however few of them are trained.
    #expect(StagesSchedule().factor(at: 39.9, of: 40) == stages[6])
    var cyclical = CyclicalSchedule()
    (cyclical.cycles, cyclical.rise) = (2, 0.5)
    #expect([0, 1.25, 2.5, 4, 5, 6.25, 8, 10].map { cyclical.factor(at: $0, of: 10) } == [0, 0.5, 1, 1, 0, 0.5, 1, 1])
  }
}
