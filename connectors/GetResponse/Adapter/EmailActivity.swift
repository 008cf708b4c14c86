import Platform
import Scoring
import WebAPI

/// How a row of a contact's activities becomes one of ours.
enum EmailActivity {
  /// Takes all rows of a contact.
  ///
  /// They have no ids. What a row says is its identity, and the how manieth of its kind it is in its second: all
  /// rows of a second are always read together, so that reading twice counts once and two clicks that are listed
  /// are two.
  static func take(_ rows: [JSONValue], of contact: ContactID, into page: inout Page, since: Timestamp) {
    var counts: [String: Int] = [:]
    for row in rows {
      page.recordsRead += 1
      guard let what = ContactMapping.text(row["activity"]), let time = GetResponseTime.read(row["createdOn"])
      else {
        page.rejected.append(
          RejectedRecord(place: "activities/\(contact)", reason: "an activity has no kind or no time"))
        continue
      }
      let resource = row["resource"]
      let content = [
        contact.text, what, "\(time.seconds)", resource["resourceType"].text ?? "",
        resource["resourceId"].text ?? "", row["clickTrack"]["id"].text ?? "",
      ].joined(separator: "|")
      let count = (counts[content] ?? 0) + 1
      counts[content] = count
      guard let kind = kind(what, isSMS: resource["resourceType"].text == "sms") else {
        page.leftOut += 1
        continue
      }
      guard time >= since else {
        page.skippedAsOlder += 1
        continue
      }
      var record = ActivityRecord(
        subject: .contact(contact), kind: .known(kind), time: time, identity: .id("\(content)#\(count)"))
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
