internal import Foundation

/// What this process has used of the machine.
enum ProcessUse {
  private static var usage: rusage {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }

  /// Times that a page of memory was handed out.
  static var pageFaults: Int { Int(usage.ru_minflt) }

  /// The most memory that it had, in megabytes of 10⁶ bytes.
  static var peakMegabytes: Double {
    #if os(Linux)
      Double(usage.ru_maxrss) * 1024 / 1e6
    #else
      Double(usage.ru_maxrss) / 1e6
    #endif
  }

  /// Seconds since it was started, within a hundredth; not a number where the system does not say.
  static var secondsSinceStart: Double {
    #if os(Linux)
      // The command's name, in parentheses, may hold spaces; the start is the 20th field behind it, in ticks since the machine's.
      guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
        let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 19,
        let ticks = Double(fields[19])
      else { return .nan }
      var now = timespec()
      clock_gettime(CLOCK_BOOTTIME, &now)
      return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    #else
      return .nan
    #endif
  }
}
