import Platform
import Scoring
import WebAPI

/// How a row of a contact's activities becomes one of ours.
enum EmailActivity {
  /// Takes all rows of a contact.
  ///
  /// They have no ids (GetResponse's API reference, `GET /contacts/{contactId}/activities`). What a row says is its
  /// identity, so a row that a page lists twice counts once; two clicks of one link in one second are told apart from
  /// that by nothing, and are one.
  static func take(_ rows: [JSONValue], of contact: ContactID, into page: inout Page, since: Timestamp) {
    for row in rows {
      page.recordsRead += 1
      guard let what = ContactMapping.text(row["activity"]), let time = GetResponseTime.read(row["createdOn"])
      else {
        page.rejected.append(
          RejectedRecord(place: "activities/\(contact)", reason: "an activity has no kind or no time"))
        continue
      }
      let resource = row["resource"]
      let identity = [
        contact.text, what, "\(time.seconds)", resource["resourceType"].text ?? "",
        resource["resourceId"].text ?? "", row["clickTrack"]["id"].text ?? "",
      ].joined(separator: "|")
      guard let kind = kind(what, isSMS: resource["resourceType"].text == "sms") else {
        page.leftOut += 1
        continue
      }
      guard time >= since else {
        page.skippedAsOlder += 1
        continue
      }
      var record = ActivityRecord(
        subject: .contact(contact), kind: .known(kind), time: time, identity: .id(identity))
      record.campaign = ContactMapping.text(row["subject"])
      if what == "click" {
        record.target =
          ContactMapping.text(row["clickTrack"]["url"]) ?? ContactMapping.text(row["clickTrack"]["name"])
      }
      page.activities.append(record)
    }
  }

  private static func kind(_ what: String, isSMS: Bool) -> KnownKind? {
    switch what {
    case "send": isSMS ? nil : .emailSent
    case "open": isSMS ? nil : .emailOpen
    case "click": isSMS ? .smsClick : .emailClick
    default: nil
    }
  }
}
