internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread that runs the work of one actor, and nothing else.
///
/// libtorch keeps for every thread by itself whether gradients are recorded and how many threads help; on the pool's threads such settings
/// would go from one piece of work to another.
final class ModelThread: SerialExecutor {
  private let jobs = Jobs()

  init(name: String) {
    let jobs = jobs
    let thread = Thread { jobs.run() }
    thread.name = name
    thread.stackSize = 16 << 20
    thread.start()
  }

  deinit { jobs.stop() }

  func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job), on: asUnownedSerialExecutor()) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// What waits, in the order in which it came.
  private final class Jobs: Sendable {
    private typealias Entry = (job: UnownedJob, executor: UnownedSerialExecutor)

    private let waiting = Mutex<[Entry]>([])
    private let count = DispatchSemaphore(value: 0)
    private let isOver = Atomic<Bool>(false)

    func add(_ job: UnownedJob, on executor: UnownedSerialExecutor) {
      waiting.withLock { $0.append((job, executor)) }
      count.signal()
    }

    func stop() {
      isOver.store(true, ordering: .releasing)
      count.signal()
    }

    func run() {
      while true {
        count.wait()
        guard let next = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
          if isOver.load(ordering: .acquiring) { return }
          continue
        }
        next.job.runSynchronously(on: next.executor)
      }
    }
  }
}
