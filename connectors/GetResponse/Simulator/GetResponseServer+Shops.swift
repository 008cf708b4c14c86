import Platform
import SimulatorJSON

/// Shops with their orders and carts, to read.
extension GetResponseServer {
  func shopRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw call.notFound }
    if call.path.count == 1 { return try listShops(call) }
    let shop = try shop(call.path[1])
    switch call.path.count {
    case 2: return .json(200, call.picked(rendered(shop), id: "shopId"))
    case 3 where call.path[2] == "orders": return try listOrders(shop, call)
    case 3 where call.path[2] == "carts": return try listCarts(shop, call)
    case 4 where call.path[2] == "orders":
      let order = try place(call.path[3], FirstID.order, in: orders.map { $0.shop }, shop)
      // The items are told with a single order alone; the stand-in knows of none.
      let items = JSON.Member("selectedVariants", [])
      return .json(200, call.picked(.map(rendered(order: order).members + [items]), id: "orderId"))
    case 4 where call.path[2] == "carts":
      let cart = try place(call.path[3], FirstID.cart, in: carts.map { $0.shop }, shop)
      return .json(200, call.picked(rendered(cart: cart), id: "cartId"))
    default: throw call.notFound
    }
  }

  private func shop(_ id: String) throws(Refusal) -> Int {
    guard let number = Identifier.number(id), shops.indices.contains(number - FirstID.shop) else {
      throw .notFound("shop \(id)")
    }
    return number - FirstID.shop
  }

  private func place(_ id: String, _ first: Int, in owners: [Int], _ shop: Int) throws(Refusal) -> Int {
    guard let number = Identifier.number(id), owners.indices.contains(number - first),
      owners[number - first] == shop
    else { throw .notFound(id) }
    return number - first
  }

  private func listShops(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(call, filters: ["name"], sorts: ["name", "createdOn"])
    let places = shops.indices.filter { shops[$0].name.contains(anyCase: query.filters["name"] ?? "") }
    let sorted = query.sorted(places) { name, left, right in
      name == "name"
        ? ListQuery.order(shops[left].name, shops[right].name)
        : ListQuery.order(shops[left].created, shops[right].created)
    }
    return page(call, query, of: sorted, id: "shopId") { rendered($0) }
  }

  private func rendered(_ shop: Int) -> JSON {
    let id = Shop.id(shop)
    let date = JSON.text(DateText.text(shops[shop].created))
    return [
      "shopId": .text(id), "href": Self.href("shops/\(id)"), "name": .text(shops[shop].name), "locale": "EN",
      "currency": .text(shops[shop].currency), "createdOn": date, "updatedOn": date,
    ]
  }

  /// There is no filter for the moment of a change: a refund is not seen by who looks for new orders.
  private func listOrders(_ shop: Int, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call, filters: ["description", "status", "externalId", "processedAt.from", "processedAt.to"],
      sorts: ["createdOn"])
    let processed = try query.range("processedAt")
    let filters = query.filters
    let places = orders.indices.filter { place in
      let order = orders[place]
      return order.shop == shop && order.created <= call.now && processed?.contains(order.processed) != false
        && (order.description ?? "").contains(anyCase: filters["description"] ?? "")
        && (filters["status"].map { $0 == order.status } ?? true)
        && (filters["externalId"].map { $0 == order.externalID } ?? true)
    }
    let sorted = query.sorted(places) { _, left, right in
      ListQuery.order(orders[left].created, orders[right].created)
    }
    return page(call, query, of: sorted, id: "orderId") { rendered(order: $0) }
  }

  private func rendered(order place: Int) -> JSON {
    let order = orders[place]
    let id = StoredOrder.id(place)
    return [
      "orderId": .text(id), "href": Self.href("shops/\(Shop.id(order.shop))/orders/\(id)"),
      "contactId": .text(ContactStore.id(order.contact)), "orderUrl": nil,
      "externalId": .text(orNull: order.externalID), "totalPrice": Self.number(order.total),
      "totalPriceTax": nil, "currency": .text(order.currency), "status": .text(order.status), "cartId": nil,
      "description": .text(orNull: order.description), "shippingPrice": nil, "shippingAddress": nil,
      "billingStatus": nil, "billingAddress": nil, "processedAt": .text(DateText.text(order.processed)),
      "metaFields": [],
    ]
  }

  private func listCarts(_ shop: Int, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call, filters: ["createdOn.from", "createdOn.to", "externalId"], sorts: ["createdOn"])
    let created = try query.range("createdOn")
    let places = carts.indices.filter { place in
      let cart = carts[place]
      return cart.shop == shop && cart.created <= call.now && created?.contains(cart.created) != false
        && (query.filters["externalId"].map { $0 == cart.externalID } ?? true)
    }
    let sorted = query.sorted(places) { _, left, right in
      ListQuery.order(carts[left].created, carts[right].created)
    }
    return page(call, query, of: sorted, id: "cartId") { rendered(cart: $0) }
  }

  private func rendered(cart place: Int) -> JSON {
    let cart = carts[place]
    let id = StoredCart.id(place)
    let date = JSON.text(DateText.text(cart.created))
    return [
      "cartId": .text(id), "href": Self.href("shops/\(Shop.id(cart.shop))/carts/\(id)"),
      "contactId": .text(ContactStore.id(cart.contact)), "totalPrice": Self.number(cart.total),
      "totalTaxPrice": Self.number(cart.total), "currency": .text(cart.currency), "selectedVariants": [],
      "externalId": .text(orNull: cart.externalID), "cartUrl": nil, "createdOn": date, "updatedOn": date,
    ]
  }
}
