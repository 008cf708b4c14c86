import Platform
import SimulatorJSON

/// What the account tells of itself.
extension HubSpotServer {
  /// `GET /account-info/{version}/details`, and today's use of the quota.
  func accountRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    switch call.path {
    case ["details"]: return .json(200, details)
    case ["api-usage", "daily", "private-apps"]:
      let usage: JSON = [
        "name": "private-apps-api-calls-daily", "usageLimit": .integer(Int64(settings.effectiveDaily)),
        "currentUsage": .integer(Int64(limiter.inDay(day(of: call.now)))),
        "collectedAt": .text(call.now.text), "fetchStatus": "SUCCESS",
        "resetsAt": .text(dayEnd(of: call.now).text),
      ]
      return .json(200, ["results": [usage]])
    default: throw .noRoute(call.target)
    }
  }

  private var details: JSON {
    let minutes = settings.utcOffset / 60
    let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
    let offset = "\(minutes < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    return [
      "portalId": .integer(settings.portalID), "accountType": "STANDARD", "timeZone": "US/Eastern",
      "companyCurrency": "USD", "additionalCurrencies": [], "utcOffset": .text(offset),
      "utcOffsetMilliseconds": .integer(settings.utcOffset * 1_000), "uiDomain": "app.hubspot.com",
      "dataHostingLocation": "na1",
    ]
  }

  /// `GET /crm/limits/{version}/custom-properties`.
  func limitRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET", call.path == ["custom-properties"] else { throw .noRoute(call.target) }
    func percentage(_ used: Int64, _ limit: Int64) -> JSON { .number(Double(used) / Double(max(1, limit))) }
    let used = ObjectType.allCases.map { ($0, Int64(spaces[$0].properties.customCount)) }
    let limit = settings.customPropertyLimit
    let all = used.reduce(0) { $0 + $1.1 }
    let kinds = used.map { type, count -> JSON in
      [
        "objectTypeId": .text(type.number), "singularLabel": .text(type.singular.capitalized),
        "pluralLabel": .text(type.plural.capitalized), "limit": .integer(limit), "usage": .integer(count),
        "percentage": percentage(count, limit),
      ]
    }
    return .json(
      200,
      [
        "overallLimit": .integer(limit * 10), "overallUsage": .integer(all),
        "overallPercentage": percentage(all, limit * 10), "byObjectType": .list(kinds),
      ])
  }

  /// `GET /crm/pipelines/{version}/deals`: one pipeline, whose last two stages are closed.
  func pipelineRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET", let name = call.path.first, try objectType(name) == .deals else {
      throw .noRoute(call.target)
    }
    try require("crm.objects.deals.read", "crm.schemas.deals.read")
    switch call.path.count {
    case 1: return .json(200, ["results": [Self.pipeline]])
    case 2 where call.path[1] == "default": return .json(200, Self.pipeline)
    case 3 where call.path[1] == "default" && call.path[2] == "stages":
      return .json(200, ["results": Self.pipeline["stages"] ?? []])
    default: throw .notFound("Pipeline not found")
    }
  }

  private static let stages: [(id: String, label: String, probability: String)] = [
    ("appointmentscheduled", "Appointment Scheduled", "0.2"), ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"), ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"), ("closedlost", "Closed Lost", "0.0"),
  ]

  private static var pipeline: JSON {
    let made: JSON = "1970-01-01T00:00:00Z"
    let stages = stages.enumerated().map { order, stage -> JSON in
      [
        "id": .text(stage.id), "label": .text(stage.label), "displayOrder": .integer(Int64(order)),
        "metadata": [
          "isClosed": .text(stage.id.hasPrefix("closed") ? "true" : "false"),
          "probability": .text(stage.probability),
        ],
        "createdAt": made, "updatedAt": made, "archived": false,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
      ]
    }
    return [
      "id": "default", "label": "Sales Pipeline", "displayOrder": 0, "stages": .list(stages),
      "createdAt": made, "updatedAt": made, "archived": false,
    ]
  }
}
