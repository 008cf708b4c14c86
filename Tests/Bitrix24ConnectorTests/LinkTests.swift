import Platform
import Testing

@testable import Bitrix24Connector

@Suite("Links to people in Bitrix24")
struct LinkTests {
  @Test("lead to contacts and leads, and hold nothing of the webhook")
  func links() {
    let webhook = Bitrix24Settings.Login.webhook(
      address: "https://p.bitrix24.vn/rest/1/w3bh00ks3cret", secret: "w3bh00ks3cret")
    #expect(Bitrix24Settings(login: webhook).origin == "https://p.bitrix24.vn")
    let connector = Bitrix24TestPortal(.usual).bitrix24()
    #expect(connector.contactURL(ContactID("253"))?.hasSuffix("/crm/contact/details/253/") == true)
    #expect(connector.contactURL(ContactID("L253"))?.hasSuffix("/crm/lead/details/253/") == true)
    #expect(connector.contactURL(ContactID("L253"))?.contains("/rest/") == false)
    #expect(connector.contactURL(ContactID("../x")) == nil)
  }
}
