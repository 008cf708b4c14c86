/// The properties that every account has; those of contacts by the names of the fact sheet's sources.
enum StandardProperties {
  static func all(of type: ObjectType) -> [PropertyDefinition] {
    let shared = [
      make(type, "hs_object_id", "number", "number", .id),
      make(type, type.createdName, "datetime", "date", .created),
      make(type, type.modifiedName, "datetime", "date", .modified),
    ]
    switch type {
    case .contacts: return shared + contacts
    case .deals: return shared + deals
    default: return shared + engagement(type)
    }
  }

  static func groups(of type: ObjectType) -> [PropertyGroup] {
    let names: [(String, String)]
    switch type {
    case .contacts:
      names = [
        ("contactinformation", "Contact information"), ("analyticsinformation", "Web analytics history"),
        ("emailinformation", "Email information"), ("conversioninformation", "Conversion information"),
      ]
    case .deals: names = [("dealinformation", "Deal information")]
    default: names = [(group(of: type), "\(type.singular.capitalized) information")]
    }
    return names.enumerated().map { PropertyGroup(name: $1.0, label: $1.1, displayOrder: Int64($0)) }
  }

  private static func group(of type: ObjectType) -> String {
    switch type {
    case .contacts: return "contactinformation"
    case .deals: return "dealinformation"
    default: return type.singular
    }
  }

  private static var contacts: [PropertyDefinition] {
    let texts = [
      "email", "firstname", "lastname", "phone", "company", "jobtitle", "industry", "country", "city",
      "state", "zip", "address", "website", "hs_language", "hs_analytics_source",
      "hs_analytics_source_data_1", "hs_analytics_source_data_2", "hs_lead_status", "hubspot_owner_id",
    ]
    var result = texts.map { make(.contacts, $0, "string", "text") }
    result.append(
      choice("lifecyclestage", lifecycleStages, label: "Lifecycle Stage"))
    result.append(
      choice("hs_marketable_status", ["true", "false"], label: "Marketing contact status"))
    for name in ["hs_additional_emails", "hs_merged_object_ids", "hs_calculated_merged_vids"] {
      result.append(readOnly(make(.contacts, name, "enumeration", "checkbox")))
    }
    result.append(readOnly(make(.contacts, "hubspotscore", "number", "calculation_score")))
    return result + ContactCounters.Name.allCases.map { counter($0) }
  }

  static let lifecycleStages = [
    "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer",
    "evangelist", "other",
  ]

  private static var deals: [PropertyDefinition] {
    var result = ["dealname", "dealstage", "pipeline", "deal_currency_code"]
      .map { make(.deals, $0, "string", "text") }
    result.append(make(.deals, "amount", "number", "number"))
    result.append(make(.deals, "closedate", "datetime", "date"))
    for name in ["hs_is_closed_won", "hs_is_closed"] {
      result.append(readOnly(make(.deals, name, "bool", "booleancheckbox")))
    }
    return result
  }

  private static func engagement(_ type: ObjectType) -> [PropertyDefinition] {
    var texts: [String] = []
    var numbers: [String] = []
    var dates = ["hs_timestamp"]
    switch type {
    case .calls:
      texts = ["hs_call_title", "hs_call_body", "hs_call_direction", "hs_call_status", "hs_call_disposition"]
      numbers = ["hs_call_duration"]
    case .meetings:
      texts = ["hs_meeting_title", "hs_meeting_body", "hs_meeting_outcome"]
      dates += ["hs_meeting_start_time", "hs_meeting_end_time"]
    case .emails:
      texts = ["hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_text", "hs_email_html"]
    case .notes: texts = ["hs_note_body"]
    case .tasks: texts = ["hs_task_subject", "hs_task_type", "hs_task_status", "hs_task_body"]
    case .communications: texts = ["hs_communication_channel_type", "hs_communication_body"]
    case .contacts, .deals: break
    }
    return texts.map { make(type, $0, "string", "text") }
      + numbers.map { make(type, $0, "number", "number") }
      + dates.map { make(type, $0, "datetime", "date") }
  }

  private static func make(
    _ object: ObjectType, _ name: String, _ type: String, _ fieldType: String,
    _ source: PropertyDefinition.Source = .stored
  ) -> PropertyDefinition {
    var result = PropertyDefinition(
      name: name, label: name, group: group(of: object), type: type, fieldType: fieldType)
    result.isStandard = true
    result.source = source
    if case .stored = source {} else { result.isReadOnly = true }
    if object == .contacts, name == "email" { result.isUnique = true }
    return result
  }

  private static func readOnly(_ definition: PropertyDefinition) -> PropertyDefinition {
    var result = definition
    result.isReadOnly = true
    return result
  }

  private static func choice(_ name: String, _ values: [String], label: String) -> PropertyDefinition {
    var result = make(.contacts, name, "enumeration", "radio")
    result.label = label
    result.options = values.enumerated().map {
      PropertyDefinition.Option(label: $1.capitalized, value: $1, order: Int64($0))
    }
    return result
  }

  private static func counter(_ name: ContactCounters.Name) -> PropertyDefinition {
    let text = name.rawValue
    let isMoment =
      text.hasSuffix("_date") || text.hasSuffix("timestamp") || text.hasPrefix("notes_last")
      || text.hasSuffix("last_replied") || text.hasSuffix("meeting_activity")
    let isText = text.hasSuffix("_name") || text.hasSuffix("_url")
    var result = make(
      .contacts, text, isMoment ? "datetime" : isText ? "string" : "number",
      isMoment ? "date" : isText ? "text" : "number", .counter(name))
    if name == .hs_email_optout { (result.type, result.fieldType) = ("bool", "booleancheckbox") }
    if text.hasPrefix("hs_analytics") { result.group = "analyticsinformation" }
    if text.hasPrefix("hs_email") { result.group = "emailinformation" }
    if text.contains("conversion") { result.group = "conversioninformation" }
    return result
  }
}
