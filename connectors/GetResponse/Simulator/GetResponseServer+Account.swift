import Platform
import SimulatorJSON

/// What the account tells of itself.
extension GetResponseServer {
  /// `GET /accounts`.
  func accountRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET", call.path.count == 1 else { throw call.notFound }
    let account: JSON = [
      "accountId": "pV3r", "href": Self.href("accounts"), "email": "owner@example.com", "firstName": "Ada",
      "lastName": "Owner", "companyName": "Example Ltd", "phone": "", "state": "", "city": "", "street": "",
      "zipCode": "", "countryCode": ["countryCodeId": "175", "countryCode": "PL"],
      "industryTag": ["industryTagId": "5"],
      "timeZone": ["name": "Europe/Warsaw", "offset": "+01:00"], "numberOfEmployees": "50",
      "timeFormat": "24h",
    ]
    return .json(200, call.picked(account, id: "accountId"))
  }
}
