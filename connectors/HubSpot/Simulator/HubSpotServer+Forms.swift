import Platform
import SimulatorJSON

/// Forms, and what was sent in with them.
extension HubSpotServer {
  /// `GET /marketing/v3/forms`, and one of them.
  func formRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    try require("forms")
    if call.path.count == 1 {
      guard let form = forms[call.path[0]] else { throw .notFound("Form not found") }
      return .json(200, Self.json(form))
    }
    guard call.path.isEmpty else { throw .noRoute(call.target) }
    let limit = try call.limit(default: 20, most: 500)
    let first = try Self.first(call)
    let end = min(first + limit, forms.forms.count)
    let results = first < end ? forms.forms[first..<end].map { Self.json($0) } : []
    return .json(
      200,
      .map(present: [
        JSON.Member("results", .list(results)),
        end < forms.forms.count
          ? JSON.Member("paging", cursor(call, end)) : nil,
      ]))
  }

  private static func first(_ call: HubSpotCall) throws(Refusal) -> Int {
    guard let after = call.parameter("after"), !after.isEmpty else { return 0 }
    guard let place = Identifier.clear(after).flatMap({ Int($0.trimmingPrefix { $0 == " " }) }) else {
      throw .invalid("after: '\(after)' is not a valid cursor")
    }
    return place
  }

  /// The cursor of the next page; in recordings it stands percent-encoded in the body.
  private func cursor(_ call: HubSpotCall, _ place: Int) -> JSON {
    let digits = "\(place)"
    let after = Identifier.opaque(String(repeating: " ", count: (4 - digits.count % 3) % 3) + digits)
    return paging(call, after: after, shown: settings.encodesCursor ? Escaping.encode(after) : after)
  }

  private static func json(_ form: FormList.Form) -> JSON {
    let field: JSON = [
      "objectTypeId": "0-1", "name": "email", "label": "Email", "required": true, "hidden": false,
      "fieldType": "email", "validation": ["blockedEmailDomains": [], "useDefaultBlockList": false],
      "dependentFields": [],
    ]
    let style: JSON = [
      "fontFamily": "arial", "backgroundWidth": "100%", "labelTextColor": "#33475b", "labelTextSize": "14px",
      "helpTextColor": "#7C98B6", "helpTextSize": "11px", "legalConsentTextColor": "#33475b",
      "legalConsentTextSize": "14px", "submitColor": "#ff7a59", "submitAlignment": "left",
      "submitFontColor": "#ffffff", "submitSize": "12px",
    ]
    return [
      "id": .text(form.id), "name": .text(form.name), "formType": "hubspot", "archived": false,
      "createdAt": .text(form.created.text), "updatedAt": .text(form.created.text),
      "fieldGroups": [["groupType": "default_group", "richTextType": "text", "fields": [field]]],
      "configuration": [
        "language": "en", "cloneable": true, "editable": true, "archivable": true, "recaptchaEnabled": false,
        "notifyContactOwner": false, "notifyRecipients": [], "createNewContactForNewEmail": false,
        "prePopulateKnownValues": true, "allowLinkToResetKnownValues": false, "lifecycleStages": [],
        "postSubmitAction": ["type": "thank_you", "value": "Thanks"],
      ],
      "displayOptions": [
        "renderRawHtml": false, "theme": "default_style", "submitButtonText": "Submit", "style": style,
      ],
      "legalConsentOptions": ["type": "none"],
    ]
  }

  /// `GET /form-integrations/v1/submissions/forms/{id}`: newest first.
  func submissionRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    try require("forms")
    guard let form = forms[call.path[0]] else {
      throw .notFound("No form found with guid '\(call.path[0])'")
    }
    let limit = try call.limit(default: 20, most: 50)
    var before = UInt32.max
    if let after = call.parameter("after"), !after.isEmpty {
      guard let text = Identifier.clear(after), let number = UInt32(text) else {
        throw .invalid("after: '\(after)' is not valid")
      }
      before = number
    }
    let all = form.submissions.filter { !erased.contains($0.contact) }
    let end = before == .max ? all.count : all.firstIndex { $0.number == before } ?? 0
    let first = max(0, end - limit)
    let page = all[first..<end].reversed()
    return .json(
      200,
      .map(present: [
        JSON.Member("results", .list(page.map { json($0) })),
        first > 0 ? page.last.map { JSON.Member("paging", Self.paging($0, limit)) } : nil,
      ]))
  }

  private static func paging(_ last: FormList.Submission, _ limit: Int) -> JSON {
    let after = Identifier.opaque("\(last.number)")
    return [
      "next": ["after": .text(after), "link": .text("?after=\(Escaping.encode(after))&limit=\(limit)")]
    ]
  }

  private func json(_ submission: FormList.Submission) -> JSON {
    var values: [JSON] = []
    if submission.email > 0 {
      values.append(["objectTypeId": "0-1", "name": "email", "value": .text(pool[submission.email])])
    }
    return [
      "conversionId": .text(Identifier.uuid("submission", UInt64(submission.number))),
      "submittedAt": .integer(submission.time.milliseconds), "values": .list(values),
      "pageUrl": "https://www.example.com/form",
    ]
  }
}
