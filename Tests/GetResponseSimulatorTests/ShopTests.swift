import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import GetResponseSimulator

/// Shops with orders and carts, and transactional e-mail.
@Suite("Orders, carts and transactional e-mail")
struct ShopTests {
  /// The path of the one shop.
  private func shop(_ test: inout TestAccount) -> String {
    "/shops/\(test.get("/shops").texts("shopId").first ?? "")"
  }

  @Test("Orders are filtered by when they were processed")
  func orders() {
    var test = TestAccount(contacts: 2)
    test.act(1, .known(.purchase), hoursAgo: 50, target: "Chair", value: 99.5)
    test.act(2, .known(.purchase), hoursAgo: 1, value: 20)
    let path = shop(&test) + "/orders"
    let all = test.get("\(path)?sort[createdOn]=ASC").body.elements
    #expect(all.map { $0["contactId"] } == [.text(test.id(1)), .text(test.id(2))])
    #expect(all.map { $0["totalPrice"] } == [.number(99.5), 20])
    #expect(all.first?["description"] == "Chair")
    #expect(all.first?["currency"] == "EUR")
    let late = test.get("\(path)?query[processedAt][from]=\(test.ago(7_200))")
    #expect(late.ids == [test.id(2)])
    #expect(test.get("\(path)?query[createdOn][from]=2026-01-01").code == 1000)
  }

  @Test("A refund is a status that no filter by time tells of")
  func refund() {
    var test = TestAccount(contacts: 1)
    let id = test.server.addOrder(test.id(1), total: 5, at: Timestamp(test.now.seconds - 90_000)) ?? ""
    let path = shop(&test) + "/orders"
    test.server.setStatus(ofOrder: id, to: "refunded")
    #expect(test.get("\(path)?query[processedAt][from]=\(test.ago(3_600))").body == [])
    #expect(test.get("\(path)/\(id)").body["status"] == "refunded")
    #expect(test.get("\(path)/\(id)").body["selectedVariants"] == [])
    #expect(test.get("\(path)?query[status]=refunded").texts("orderId") == [id])
  }

  @Test("Carts are filtered by when they were made")
  func carts() {
    var test = TestAccount(contacts: 1)
    test.act(1, .custom("cart"), hoursAgo: 30, value: 7)
    test.act(1, .custom("cart"), hoursAgo: 1, value: 8)
    let path = shop(&test) + "/carts"
    #expect(test.get(path).body.elements.count == 2)
    let late = test.get("\(path)?query[createdOn][from]=2026-11-23").body.elements
    #expect(late.map { $0["totalPrice"] } == [8])
  }

  @Test("What belongs to one shop is not in another")
  func twoShops() {
    var test = TestAccount(contacts: 1)
    test.server.addOrder(test.id(1), total: 5, at: test.now)
    test.server.addShop("Second", currency: "USD", at: test.now)
    let ids = test.get("/shops").texts("shopId")
    #expect(test.get("/shops/\(ids[0])/orders").body.elements.count == 1)
    let order = test.get("/shops/\(ids[0])/orders").texts("orderId")[0]
    #expect(test.get("/shops/\(ids[1])/orders").body == [])
    #expect(test.get("/shops/\(ids[1])/orders/\(order)").code == 1013)
    #expect(test.get("/shops/zz/orders").code == 1013)
  }

  @Test("The status of an e-mail follows its moments, and the details tell them")
  func mails() {
    var test = TestAccount(contacts: 0)
    let id = test.server.addMail(
      to: "x@example.test", at: test.now, opened: Timestamp(test.now.seconds + 60),
      clicked: Timestamp(test.now.seconds + 90))
    func status() -> JSON? {
      test.get("/transactional-emails").body.elements.first?["recipients"]?["to"]?["status"]
    }
    #expect(status() == "sent")
    test.pass(60)
    #expect(status() == "opened")
    let early = test.get("/transactional-emails/\(id)").body["recipients"]?["to"]
    #expect(early?["statuses"]?["openedOn"] == "2026-11-23T10:01:00+0000")
    #expect(early?["clickedLinks"] == [])
    test.pass(30)
    let late = test.get("/transactional-emails/\(id)").body["recipients"]?["to"]
    #expect(late?["clickedLinks"]?.elements.first?["clickedOn"] == "2026-11-23T10:01:30+0000")
    #expect(test.get("/transactional-emails?query[sentOn][from]=\(test.ago(60))").body == [])
  }
}
