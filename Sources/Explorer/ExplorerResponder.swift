internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Latent
internal import NIOCore

/// What the server knows of a request beside itself.
struct ExplorerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Whether it came over a socket, whose end can be noticed.
  let hasSocket: Bool

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    hasSocket = source.channel.remoteAddress != nil
  }
}

/// Answers requests: guards first, then files, then routes.
struct ExplorerResponder: HTTPResponder {
  typealias Context = ExplorerContext

  let explorer: Explorer
  let access: Access

  /// Answers, whatever happens.
  func respond(to request: Request, context: Context) async throws -> Response {
    var response: Response
    do {
      response = try await answer(request, context)
    } catch {
      response = Self.refusal(error)
    }
    for (name, value) in Self.headers { response.headers[name] = value }
    return response
  }

  /// On every answer.
  static let headers: [(HTTPField.Name, String)] = [
    (
      .contentSecurityPolicy,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"
    ), (.xContentTypeOptions, "nosniff"), (named("Referrer-Policy"), "no-referrer"),
    (named("Cross-Origin-Resource-Policy"), "same-origin"), (.cacheControl, "no-cache"),
  ]

  private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }

  private func answer(_ request: Request, _ context: Context) async throws -> Response {
    try access.check(request)
    let path = request.uri.path
    if let file = PublicFile.all[path] {
      guard request.method == .get || request.method == .head else { throw Self.wrongMethod("GET") }
      return Self.response(file, request)
    }
    if path == "/api" || path == "/api/events" {
      guard request.method == .get else { throw Self.wrongMethod("GET") }
      return path == "/api" ? Self.response(try explorer.overview()) : events(request, context)
    }
    let (run, name) = try route(of: path)
    let routes = Route.all.filter { $0.path == name }
    guard !routes.isEmpty else { throw Self.nothing }
    guard let route = routes.first(where: { $0.method == request.method.rawValue }) else {
      throw Self.wrongMethod(routes.map(\.method).joined(separator: " or "))
    }
    try Self.demandJSON(request, for: route)
    guard route.isLong, context.hasSocket else {
      return try await answer(route, run, request.body)
    }
    // Whoever goes is noticed by the end of what he sends; that uses the connection up.
    var response = try await request.body.consumeWithCancellationOnInboundClose { body in
      do { return try await answer(route, run, body) } catch { return Self.refusal(error) }
    }
    response.headers[.connection] = "close"
    return response
  }

  private func answer(_ route: Route, _ run: ExploredRun, _ body: RequestBody) async throws -> Response {
    var data = Data()
    if route.method == "POST" {
      do {
        data = Data(try await body.collect(upTo: Limits.standard.bodyBytes).readableBytesView)
      } catch is NIOTooManyBytesError { throw Self.tooLarge }
    }
    return Self.response(try await route.answer(Call(explorer: explorer, run: run, body: data, seconds: route.seconds)))
  }

  /// The run of a path and the path with its number left open.
  private func route(of path: String) throws(ExplorerError) -> (ExploredRun, String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard parts.count >= 3, Array(parts.prefix(2)) == ["api", "runs"] else { throw Self.nothing }
    let number = parts[parts.startIndex + 2]
    guard !number.isEmpty, number.count < 6, number.allSatisfy({ $0.isASCII && $0.isNumber }), let index = Int(number)
    else { throw Self.nothing }
    guard explorer.runs.indices.contains(index) else {
      throw ExplorerError(
        .missing,
        "there is no run \(index); the explorer shows \(counted(explorer.runs.count, "run")), numbered from 0.")
    }
    return (
      explorer.runs[index],
      "/" + (["api", "runs", "{run}"] + parts.dropFirst(3).map(String.init)).joined(separator: "/")
    )
  }

  /// Refuses bodies that are not announced as JSON, or announced as too large.
  private static func demandJSON(_ request: Request, for route: Route) throws(ExplorerError) {
    guard route.method == "POST" else { return }
    let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init) ?? ""
    guard type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json" else {
      throw ExplorerError(.media, "the body is not announced as JSON; send Content-Type: application/json.")
    }
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= Limits.standard.bodyBytes else { throw tooLarge }
  }

  private static let tooLarge = ExplorerError(
    .large, "the body is larger than \(Limits.standard.bodyBytes >> 20) MB; send fewer rows at a time.")

  private static let nothing = ExplorerError(
    .missing, "there is nothing here; see /openapi.json for what there is.")

  private static func wrongMethod(_ right: String) -> ExplorerError {
    ExplorerError(.method, "this is asked for by another method; use \(right).")
  }

  /// JSON as an answer.
  private static func response(_ json: Data, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
  }

  private static func response(_ file: PublicFile, _ request: Request) -> Response {
    let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag]
    if request.headers[.ifNoneMatch]?.contains(file.tag) == true {
      return Response(status: .notModified, headers: [.eTag: file.tag])
    }
    guard request.method == .get else {
      return Response(status: .ok, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.content))
  }

  /// Why something was not answered, in one sentence.
  static func refusal(_ error: any Error) -> Response {
    let known: ExplorerError =
      switch error {
      case let error as ExplorerError: error
      case let error as LatentError: .wrong(error.description)
      case is CancellationError: .overload
      case is NIOTooManyBytesError: tooLarge
      case is ChannelError: .wrong("the request ended before its body was whole.")
      default: ExplorerError(.broken, "the explorer made a mistake: \(error).")
      }
    var answer = response(
      (try? Answer(["error": known.description]).json) ?? Data(), status: .init(code: known.kind.rawValue))
    if known.kind == .overload { answer.headers[.retryAfter] = "1" }
    if known.kind == .unauthorized { answer.headers[.wwwAuthenticate] = "Bearer" }
    // What is left of a body that was not read must not be taken for the next request.
    if [.large, .media].contains(known.kind) { answer.headers[.connection] = "close" }
    return answer
  }
}
