import FlyingFox
import FlyingSocks
import Foundation
import Platform

/// Stands between the HTTP server and a simulator.
struct SimulatorHandler: HTTPHandler {
  let room: SimulatorRoom

  private static let longestBody = 16 << 20
  /// An answer goes out in pieces of so many bytes, so that no more of it is ever held twice.
  private static let pieceBytes = 1 << 18

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await Self.body(of: request) else {
      return Self.response(
        to: request, SimulatedAnswer(status: 413, body: Array("The body is longer than 16 MiB.\n".utf8)))
    }
    let simulated = SimulatedRequest(
      method: request.method.rawValue, path: request.target.path(),
      query: QueryText.pairs(in: request.target.query()),
      headers: request.headers.map { SimulatedPair($0.key.rawValue, $0.value) }, body: body)
    guard let answer = room.answer(simulated) else { return HTTPResponse(webSocket: HangUp()) }
    return Self.response(to: request, answer)
  }

  /// The whole body; nil if it is too long. It is read to its end all the same: what is left unread would be
  /// taken for the next request.
  private static func body(of request: HTTPRequest) async throws -> [UInt8]? {
    var body: [UInt8] = []
    if let count = request.bodySequence.count { body.reserveCapacity(min(count, longestBody)) }
    var length = 0
    for try await piece in request.bodySequence {
      length += piece.count
      if length <= longestBody { body.append(contentsOf: piece) }
    }
    return length <= longestBody ? body : nil
  }

  private static func response(to request: HTTPRequest, _ answer: SimulatedAnswer) -> HTTPResponse {
    var headers = HTTPHeaders()
    for header in answer.headers { headers.addValue(header.value, for: HTTPHeader(header.name)) }
    headers[.contentLength] = String(answer.body.count)
    let body = request.method == .HEAD ? Data() : Data(answer.body)
    return HTTPResponse(
      statusCode: HTTPStatusCode(answer.status, phrase: phrase(answer.status)), headers: headers,
      body: HTTPBodySequence(data: body, suggestedBufferSize: pieceBytes))
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: return "OK"
    case 201: return "Created"
    case 202: return "Accepted"
    case 204: return "No Content"
    case 301: return "Moved Permanently"
    case 302: return "Found"
    case 304: return "Not Modified"
    case 400: return "Bad Request"
    case 401: return "Unauthorized"
    case 403: return "Forbidden"
    case 404: return "Not Found"
    case 405: return "Method Not Allowed"
    case 409: return "Conflict"
    case 413: return "Content Too Large"
    case 422: return "Unprocessable Content"
    case 429: return "Too Many Requests"
    case 500: return "Internal Server Error"
    case 502: return "Bad Gateway"
    case 503: return "Service Unavailable"
    default: return "Status \(status)"
    }
  }
}

/// Ends a connection without a byte: the server asks a change of protocol for its frames before it writes the
/// answer's head, and closes when there are none.
private struct HangUp: WSHandler {
  func makeFrames(
    for client: AsyncThrowingStream<WSFrame, any Error>
  ) async throws -> AsyncStream<WSFrame> {
    throw SocketError.disconnected
  }
}
