import Foundation
import Testing

/// One request over a connection of its own, and what came back.
struct HTTPExchange {
  let status: Int
  let body: Data

  /// Sends a request to a port of this machine and waits for the whole answer.
  ///
  /// - Parameter seconds: How long to wait; what has come by then is the answer, as some have no end.
  /// - Throws: ``Failure`` where nobody listens or the answer is none of HTTP/1.1.
  init(
    _ method: String, _ path: String, port: UInt16, headers: [String: String] = [:], body: Data = Data(),
    within seconds: Double = 60
  ) throws {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard connection >= 0 else { throw Failure("no socket: \(String(cString: strerror(errno)))") }
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure("port \(port): \(String(cString: strerror(errno)))") }
    let all = ["Host": "127.0.0.1:\(port)", "Content-Length": "\(body.count)", "Connection": "close"]
      .merging(headers) { $1 }
    let head = "\(method) \(path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    let request = [UInt8](head.utf8) + body
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure("port \(port) took \(sent) of \(request.count) bytes") }
      sent += count
    }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let deadline = Date(timeIntervalSinceNow: seconds)
    var pause = timeval(tv_sec: 0, tv_usec: 100_000)
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
    while !Self.isWhole(answer), Date() < deadline {
      let count = recv(connection, &buffer, buffer.count, 0)
      if count > 0 { answer.append(contentsOf: buffer[..<count]) } else if count == 0 || errno != EAGAIN { break }
    }
    guard let end = answer.range(of: Data("\r\n\r\n".utf8)),
      let code = String(decoding: answer.prefix(12), as: UTF8.self).split(separator: " ").last.flatMap({ Int($0) })
    else { throw Failure("\(method) \(path): the answer is \(String(decoding: answer.prefix(200), as: UTF8.self))") }
    status = code
    self.body = answer.suffix(from: end.upperBound)
  }

  /// Whether an answer has all the bytes that it announces; one that announces none ends with its connection.
  private static func isWhole(_ answer: Data) -> Bool {
    guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { return false }
    let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
    guard let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap({ Int($0.output.1) }) else {
      return false
    }
    return answer.count - (end.upperBound - answer.startIndex) >= length
  }

  /// What kept a request from an answer.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}
