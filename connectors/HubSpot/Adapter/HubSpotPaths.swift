import WebAPI

/// Every path of HubSpot's API that is used, and the one date that stands in them.
///
/// Paths with a number instead of a date are those that have no dated form yet (November 2026).
struct HubSpotPaths: Hashable, Sendable {
  /// The date of the API: `2026-03`.
  var version = HubSpotPaths.usualVersion

  static let usualVersion = "2026-03"

  // MARK: Account

  var account: String { "/account-info/\(version)/details" }
  var token: String { "/oauth/\(version)/token" }

  // MARK: Records

  func objects(_ type: String) -> String { "/crm/objects/\(version)/\(type)" }
  func search(_ type: String) -> String { objects(type) + "/search" }
  var contacts: String { objects("contacts") }
  func contact(_ id: String) -> String { contacts + "/" + APICall.segment(id) }
  var contactSearch: String { search("contacts") }
  var batchRead: String { contacts + "/batch/read" }
  var batchUpdate: String { contacts + "/batch/update" }

  /// The contacts of records of a type.
  func associations(from type: String) -> String {
    "/crm/associations/\(version)/\(type)/contacts/batch/read"
  }

  var tasksOfContacts: String { "/crm/associations/\(version)/contacts/tasks/batch/read" }

  // MARK: Properties

  var properties: String { "/crm/properties/\(version)/contacts" }
  func property(_ name: String) -> String { properties + "/" + APICall.segment(name) }
  var propertyGroups: String { properties + "/groups" }
  var propertyCreation: String { properties + "/batch/create" }
  var dealPipelines: String { "/crm/pipelines/\(version)/deals" }

  // MARK: Lists

  var lists: String { "/crm/lists/\(version)" }
  func list(named name: String) -> String { lists + "/object-type-id/0-1/name/" + APICall.segment(name) }
  func memberships(of list: String) -> String {
    lists + "/" + APICall.segment(list) + "/memberships/add-and-remove"
  }

  // MARK: What contacts did

  var events: String { "/events/event-occurrences/\(version)" }
  var eventTypes: String { events + "/event-types" }
  let emailEvents = "/email/public/v1/events"
  func emailCampaign(_ id: String) -> String { "/email/public/v1/campaigns/" + APICall.segment(id) }
  let forms = "/marketing/v3/forms"
  func submissions(of form: String) -> String {
    "/form-integrations/v1/submissions/forms/" + APICall.segment(form)
  }
}
