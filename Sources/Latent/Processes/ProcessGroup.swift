internal import CMPI
internal import Foundation
public import Torch

/// Processes that train one model together, on one machine or on several; most often one alone.
///
///     let group = try ProcessGroup.isStarted ? ProcessGroup.join() : .alone
///     let run = try Run.create(configuration, in: RunFolder("runs/mine"), sharedBy: group)
///
/// Each method but those that say otherwise is called by all processes in the same order. They speak to each other by OpenMPI, which is
/// loaded when a group is joined and not before.
public struct ProcessGroup: Sendable, Equatable {
  /// Which of the processes this one is, counted from 0.
  public let rank: Int
  /// How many there are.
  public let size: Int
  /// Which of those on its machine this one is, counted from 0.
  public let localRank: Int
  /// How many of them may run on just the same cores as this one.
  public let sharers: Int

  /// A process by itself.
  public static let alone = ProcessGroup(rank: 0, size: 1, localRank: 0, sharers: 1)

  /// Whether this is the one that writes files.
  public var isFirst: Bool { rank == 0 }

  /// Whether mpirun has started this process as one of several; needs no group.
  public static var isStarted: Bool {
    let environment = ProcessInfo.processInfo.environment
    func isAboveOne(_ name: String) -> Bool? { environment[name].flatMap(Int.init).map { $0 > 1 } }
    // Schedulers that start processes by themselves say so by the last of these.
    return isAboveOne("OMPI_COMM_WORLD_SIZE") ?? isAboveOne("PMI_SIZE") ?? (environment["PMIX_NAMESPACE"] != nil)
  }

  /// This process's number before it joins; needs no group.
  public static var startedRank: Int {
    let environment = ProcessInfo.processInfo.environment
    return ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"].lazy.compactMap { environment[$0].flatMap(Int.init) }.first
      ?? 0
  }

  /// Joins the processes that mpirun started; they part when the process exits. Once in a process.
  ///
  /// - Throws: ``LatentError`` where OpenMPI is not here, or did not start this process.
  public static func join() throws(LatentError) -> ProcessGroup {
    var (rank, size) = (Int32(0), Int32(1))
    if let message = text(mp_join(&rank, &size)) { throw LatentError("\(message).") }
    let environment = ProcessInfo.processInfo.environment
    let expected = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].compactMap { environment[$0].flatMap(Int.init) }.max() ?? 1
    guard size > 1 || expected == 1 else {
      throw LatentError("\(expected) processes were started, but not by OpenMPI; start them by the mpirun of OpenMPI.")
    }
    var place: [UInt64] = [0, 0]
    place.withUnsafeMutableBufferPointer { mp_place(&$0[0], &$0[1]) }
    let places = ProcessGroup(rank: Int(rank), size: Int(size), localRank: 0, sharers: 1).gather(place)
    return ProcessGroup(
      rank: Int(rank), size: Int(size), localRank: places[..<Int(rank)].count { $0[0] == place[0] },
      sharers: places.count { $0[1] == place[1] })
  }

  /// This process's number and machine, such as `process 1 of 4 on node7`; needs nobody else.
  public var place: String { "process \(rank) of \(size) on \(String(cString: mp_host()))" }

  /// The part of some rows that is this process's; needs nobody else.
  package func share(of count: Int) -> Share { Share(rank: rank, size: size, count: count) }

  /// The device of a name, `cuda` being one of those of the machine in turn; needs nobody else.
  ///
  /// - Throws: ``TorchError`` where it is not here.
  func device(named name: String) throws(TorchError) -> Device {
    guard size > 1, name == "cuda", case let count = Device.cudaCount, count > 0 else { return try Device(named: name) }
    return .cuda(localRank % count)
  }

  /// Refuses a configuration of another number of processes, 0 being any; needs nobody else.
  func demand(_ processes: Int) throws(LatentError) {
    guard ![0, size].contains(processes) else { return }
    throw LatentError(
      "processes: the configuration is of \(processes) and \(counted(size, "process was", "processes were")) started; "
        + (processes == 1 ? "leave out mpirun" : "start it by mpirun -n \(processes)")
        + ", or begin a new run with --set processes=\(size).")
  }

  /// Ends all processes at once, this one with `code`; needs nobody else.
  public func abort(code: Int32) -> Never { mp_abort(code) }
}

// What they tell each other.
extension ProcessGroup {
  /// Adds up each element over the processes, in place; the result is the same everywhere.
  ///
  /// - Parameter tensor: Contiguous, `float32`. One on another device than the processor passes through the processor's memory.
  public func sum(_ tensor: Tensor) {
    guard size > 1 else { return }
    precondition(tensor.type == .float32, "sums are of float32")
    let host = tensor.to(device: .cpu)
    host.withUnsafeMutableBytes { bytes in
      guard let address = bytes.bindMemory(to: Float.self).baseAddress else { return }
      demand(mp_sum_floats(address, Int64(host.count)))
    }
    if host !== tensor { tensor.copy(from: host) }
  }

  /// Adds up each number over the processes.
  public func sum(_ numbers: [Double]) -> [Double] {
    guard size > 1 else { return numbers }
    var sums = numbers
    sums.withUnsafeMutableBufferPointer { buffer in
      if let address = buffer.baseAddress { demand(mp_sum_doubles(address, Int64(buffer.count))) }
    }
    return sums
  }

  /// Overwrites tensors with those of the first process.
  public func broadcast(_ tensors: [Tensor]) {
    guard size > 1 else { return }
    withoutGradients {
      for tensor in tensors {
        let host = tensor.detached().to(device: .cpu).contiguous()
        host.withUnsafeMutableBytes { bytes in
          if let address = bytes.baseAddress { demand(mp_broadcast(address, Int64(bytes.count), 0)) }
        }
        tensor.copy(from: host)
      }
    }
  }

  /// The bytes that a process has; nil where it has none.
  ///
  /// - Parameter bytes: Looked at in the process `root` alone.
  func broadcast(_ bytes: Data?, from root: Int = 0) -> Data? {
    guard size > 1 else { return bytes }
    var count = Int64(rank == root ? bytes?.count ?? -1 : 0)
    demand(mp_broadcast(&count, Int64(MemoryLayout.size(ofValue: count)), Int32(root)))
    if count < 0 { return nil }
    var data = rank == root ? bytes ?? Data() : Data(count: Int(count))
    data.withUnsafeMutableBytes { buffer in
      if let address = buffer.baseAddress { demand(mp_broadcast(address, count, Int32(root))) }
    }
    return data
  }

  /// What each process has, in the order of ranks; all have equally many.
  public func gather<Number: BitwiseCopyable>(_ numbers: [Number]) -> [[Number]] {
    guard size > 1, let first = numbers.first else { return Array(repeating: numbers, count: size) }
    var all = [Number](repeating: first, count: numbers.count * size)
    numbers.withUnsafeBytes { own in
      all.withUnsafeMutableBytes { buffer in
        if let from = own.baseAddress, let to = buffer.baseAddress { demand(mp_gather(from, to, Int64(own.count))) }
      }
    }
    return (0..<size).map { Array(all[$0 * numbers.count..<($0 + 1) * numbers.count]) }
  }

  /// Waits for all others to come here, asleep.
  func wait() {
    if size > 1 { demand(mp_wait()) }
  }

  private static func text(_ error: mp_error?) -> String? {
    guard let error else { return nil }
    defer { free(error) }
    return String(cString: error)
  }

  /// Processes that can no longer speak to each other cannot agree on how to end.
  private func demand(_ error: mp_error?) {
    guard let message = Self.text(error) else { return }
    FileHandle.standardError.write(Data("latent: \(place): \(message).\n".utf8))
    abort(code: 1)
  }
}
