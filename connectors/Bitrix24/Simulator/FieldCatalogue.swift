/// The fields that every portal has, as its methods list them.
enum FieldCatalogue {
  static func fields(of type: EntityType) -> [Field] {
    switch type {
    case .contact: return numbered(contact)
    case .lead: return numbered(lead)
    case .deal: return numbered(deal)
    case .company: return numbered(company)
    }
  }

  /// Gives the stored fields their places.
  private static func numbered(_ fields: [Field]) -> [Field] {
    fields.enumerated().map { place, field in
      var field = field
      if case .stored = field.source { field.source = .stored(UInt16(place)) }
      return field
    }
  }

  private static func own(
    _ name: String, _ item: String, _ kind: Field.Kind = .string, status: String? = nil,
    required: Bool = false
  ) -> Field {
    var field = Field(name: name, item: item, kind: kind, source: .stored(0))
    field.statusType = status
    field.isRequired = required
    return field
  }

  private static func set(
    _ name: String, _ item: String, _ kind: Field.Kind, _ column: Entity.Column? = nil
  ) -> Field {
    var field = Field(
      name: name, item: item, kind: kind, source: column.map { .column($0.rawValue) } ?? .stored(0))
    field.isReadOnly = true
    return field
  }

  private static func channel(_ name: String, _ column: Entity.Column) -> Field {
    var field = set(name, name.lowercased(), .multifield, column)
    field.isReadOnly = false
    field.isMultiple = true
    field.isOnDemand = true
    return field
  }

  private static let beginning = [set("ID", "id", .integer, .id)]
  private static let times = [
    own("ASSIGNED_BY_ID", "assignedById", .user), set("CREATED_BY_ID", "createdBy", .user, .createdBy),
    set("MODIFY_BY_ID", "updatedBy", .user, .modifiedBy),
    set("DATE_CREATE", "createdTime", .datetime, .created),
    set("DATE_MODIFY", "updatedTime", .datetime, .modified),
    set("LAST_ACTIVITY_TIME", "lastActivityTime", .datetime, .lastActivity),
    set("LAST_ACTIVITY_BY", "lastActivityBy", .user),
    own("ORIGINATOR_ID", "originatorId"), own("ORIGIN_ID", "originId"),
    own("UTM_SOURCE", "utmSource"), own("UTM_MEDIUM", "utmMedium"), own("UTM_CAMPAIGN", "utmCampaign"),
    own("UTM_CONTENT", "utmContent"), own("UTM_TERM", "utmTerm"),
  ]
  private static let person = [
    own("HONORIFIC", "honorific", .status, status: "HONORIFIC"), own("NAME", "name"),
    own("SECOND_NAME", "secondName"), own("LAST_NAME", "lastName"), own("BIRTHDATE", "birthdate", .date),
    own("SOURCE_ID", "sourceId", .status, status: "SOURCE"), own("SOURCE_DESCRIPTION", "sourceDescription"),
    own("POST", "post"), own("COMMENTS", "comments"), own("OPENED", "opened", .char),
    own("ADDRESS", "address"), own("ADDRESS_CITY", "addressCity"), own("ADDRESS_COUNTRY", "addressCountry"),
    own("COMPANY_ID", "companyId", .company), set("HAS_PHONE", "hasPhone", .char, .hasPhone),
    set("HAS_EMAIL", "hasEmail", .char, .hasEmail), set("HAS_IMOL", "hasImol", .char, .hasChat),
  ]
  private static let channels = [
    channel("PHONE", .phone), channel("EMAIL", .email), channel("WEB", .web),
  ]

  private static let contact =
    beginning + person + [
      own("TYPE_ID", "typeId", .status, status: "CONTACT_TYPE"), own("EXPORT", "export", .char),
      own("LEAD_ID", "leadId", .lead), own("PHOTO", "photo", .file), set("FACE_ID", "faceId", .integer),
      set("ORIGIN_VERSION", "originVersion", .string),
    ] + times + channels

  private static let lead =
    beginning + [own("TITLE", "title", required: true)] + person + [
      own("COMPANY_TITLE", "companyTitle"), own("STATUS_ID", "stageId", .status, status: "STATUS"),
      own("STATUS_DESCRIPTION", "statusDescription"), set("STATUS_SEMANTIC_ID", "stageSemanticId", .string),
      own("CURRENCY_ID", "currencyId", .currency), own("OPPORTUNITY", "opportunity", .double),
      own("IS_MANUAL_OPPORTUNITY", "isManualOpportunity", .char),
      set("CONTACT_ID", "contactId", .contact, .contact), set("DATE_CLOSED", "dateClosed", .datetime),
      set("IS_RETURN_CUSTOMER", "isReturnCustomer", .char), set("MOVED_BY_ID", "movedBy", .user),
      set("MOVED_TIME", "movedTime", .datetime),
    ] + times + channels

  private static let deal =
    beginning + [
      own("TITLE", "title"), own("TYPE_ID", "typeId", .status, status: "DEAL_TYPE"),
      own("CATEGORY_ID", "categoryId", .integer), own("STAGE_ID", "stageId", .status, status: "DEAL_STAGE"),
      set("STAGE_SEMANTIC_ID", "stageSemanticId", .string), own("CURRENCY_ID", "currencyId", .currency),
      own("OPPORTUNITY", "opportunity", .double), own("IS_MANUAL_OPPORTUNITY", "isManualOpportunity", .char),
      own("COMPANY_ID", "companyId", .company), set("CONTACT_ID", "contactId", .contact, .contact),
      contacts, own("LEAD_ID", "leadId", .lead), own("BEGINDATE", "begindate", .date),
      own("CLOSEDATE", "closedate", .date), set("CLOSED", "closed", .char),
      own("SOURCE_ID", "sourceId", .status, status: "SOURCE"), own("COMMENTS", "comments"),
      set("MOVED_BY_ID", "movedBy", .user), set("MOVED_TIME", "movedTime", .datetime),
    ] + times

  /// The older methods list it among the fields and never give it.
  private static var contacts: Field {
    var field = set("CONTACT_IDS", "contactIds", .contact, .contacts)
    field.isMultiple = true
    field.isHidden = true
    return field
  }

  private static let company =
    beginning + [
      own("TITLE", "title", required: true),
      own("COMPANY_TYPE", "typeId", .status, status: "COMPANY_TYPE"),
      own("INDUSTRY", "industry", .status, status: "INDUSTRY"),
      own("EMPLOYEES", "employees", .status, status: "EMPLOYEES"), own("REVENUE", "revenue", .double),
      own("CURRENCY_ID", "currencyId", .currency), own("COMMENTS", "comments"),
      own("OPENED", "opened", .char), own("ADDRESS", "address"), own("ADDRESS_CITY", "addressCity"),
      own("ADDRESS_COUNTRY", "addressCountry"), own("LEAD_ID", "leadId", .lead),
      set("HAS_PHONE", "hasPhone", .char, .hasPhone), set("HAS_EMAIL", "hasEmail", .char, .hasEmail),
    ] + times + channels
}
