import Platform
import Scoring
import WebAPI

/// Reads the orders of every shop by the time at which they were processed, and the carts by their creation; the
/// last three days again, since orders come late.
///
/// An order that is paid back changes its state and not its date, which nobody is told of: it stays a purchase.
struct OrderReader: ActivityReader {
  let api: GetResponseAPI
  let fullList: TimeSpan
  let size: Int

  let stream = StreamName("orders")
  private static let cart = ActivityKind.custom("cart")

  /// The lists that the model is worth.
  private static func lists(_ needs: PullNeeds?) -> [String] {
    guard let kinds = needs?.kinds else { return ["orders", "carts"] }
    return (kinds.contains(.known(.purchase)) ? ["orders"] : []) + (kinds.contains(cart) ? ["carts"] : [])
  }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let lists = Self.lists(window.needs)
    var cursor = try DatedCursor.resume(last, kinds: lists, window)
    var page = Page.activities(cursor.reading, cursor.encoded)
    if cursor.kinds.isEmpty {
      cursor.isDone = true
      page.cursor = cursor.encoded
      return page
    }
    if cursor.part == 0, cursor.page == 1, cursor.begunAt - cursor.partsAt >= fullList.seconds {
      guard try await findShops(&cursor, &page) else { return page }
    }
    let parts = cursor.parts.flatMap { shop in cursor.kinds.map { (shop: shop, list: $0) } }
    guard cursor.part < parts.count else {
      cursor.isDone = true
      page.cursor = cursor.encoded
      return page
    }
    let (shop, list) = parts[cursor.part]
    let isFull = try await read(list, of: shop, &cursor, into: &page, window)
    if isFull {
      cursor.page += 1
    } else {
      cursor.part += 1
      cursor.page = 1
    }
    page.hasMore = cursor.part < parts.count
    cursor.isDone = !page.hasMore
    page.cursor = cursor.encoded
    return page
  }

  /// Looks which shops there are, once a day; false if the plan has none.
  private func findShops(
    _ cursor: inout DatedCursor, _ page: inout Page
  ) async throws(ConnectorFailure) -> Bool {
    var shops: [String] = []
    var number = 1
    var memory = PageMemory()
    while true {
      let answer = try await api.answer(
        to: api.call(GetResponsePaths.shops, [("page", "\(number)"), ("perPage", "\(size)")]))
      if !answer.isGood, answer.isRefusal {
        page.refuse(api.refusal(answer, of: GetResponsePaths.shops), &cursor, place: "orders")
        return false
      }
      guard answer.isGood else { throw api.refusal(answer, of: GetResponsePaths.shops) }
      shops += answer.json.elements.compactMap { ContactMapping.text($0["shopId"]) }
      guard answer.json.count >= size else { break }
      try api.demandNews(answer, of: GetResponsePaths.shops, &memory)
      number += 1
    }
    // A shop that is new has a past.
    if !cursor.parts.isEmpty, !Set(shops).isSubset(of: cursor.parts) { cursor.from = cursor.since }
    cursor.parts = shops.sorted()
    cursor.partsAt = cursor.begunAt
    cursor.isRefused = false
    return true
  }

  /// Reads a page of a list; true if there may be more of it.
  private func read(
    _ list: String, of shop: String, _ cursor: inout DatedCursor, into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Bool {
    let isOrder = list == "orders"
    let path = isOrder ? GetResponsePaths.orders(of: shop) : GetResponsePaths.carts(of: shop)
    let date = isOrder ? "processedAt" : "createdOn"
    let answer = try await api.answer(
      to: api.call(
        path,
        [
          ("query[\(date)][from]", GetResponseTime.text(cursor.from)), ("sort[createdOn]", "ASC"),
          ("page", "\(cursor.page)"), ("perPage", "\(size)"),
        ]))
    // A shop that was deleted meanwhile has nothing more.
    if !answer.isGood, answer.isRefusal { return false }
    guard answer.isGood else { throw api.refusal(answer, of: path) }
    cursor.hear(answer)
    for entry in answer.json.elements {
      page.recordsRead += 1
      let id = ContactMapping.text(entry[isOrder ? "orderId" : "cartId"])
      let time = GetResponseTime.read(entry[date]) ?? GetResponseTime.read(entry["createdOn"])
      guard let id, let time else {
        page.rejected.append(
          RejectedRecord(place: "\(list)/\(id ?? "?")", reason: "it has no id or no time"))
        continue
      }
      guard let contact = ContactMapping.text(entry["contactId"]) else {
        page.leftOut += 1
        continue
      }
      guard time >= window.since else {
        page.skippedAsOlder += 1
        continue
      }
      page.activities.append(
        ActivityRecord(
          subject: .contact(ContactID(contact)), kind: isOrder ? .known(.purchase) : Self.cart, time: time,
          target: ContactMapping.text(entry["description"]) ?? ContactMapping.text(entry["externalId"]),
          value: entry["totalPrice"].number, identity: .id("\(list)/\(shop)/\(id)")))
    }
    return answer.json.count >= size
  }
}

extension Page {
  /// Ends the reading of a source that GetResponse refuses; said the first time, and looked for by every run.
  mutating func refuse(_ failure: ConnectorFailure, _ cursor: inout DatedCursor, place: String) {
    if !cursor.isRefused {
      rejected = [RejectedRecord(place: place, reason: "\(failure.what). \(failure.cure)")]
    }
    cursor.isRefused = true
    cursor.isDone = true
    self.cursor = cursor.encoded
    hasMore = false
  }
}
