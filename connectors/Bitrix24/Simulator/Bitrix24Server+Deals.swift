import Platform
import Scoring

/// Deals that the portal is filled with, and the history of their stages.
extension Bitrix24Server {
  mutating func deal(_ kind: KnownKind, _ activity: SimulatedActivity, _ person: EntityReference) {
    // A move cannot be dated back: it happens when the portal hears of it.
    let time = max(activity.time.seconds, clock)
    let id = openDeals[person] ?? newDeal(activity.target ?? "Deal", person, at: time)
    openDeals[person] = kind == .dealCreated ? id : nil
    guard let place = spaces[.deal].place(of: id) else { return }
    if let amount = activity.value { set("OPPORTUNITY", .number(amount), at: place, of: .deal) }
    spaces[.deal].rows[place].modified = max(spaces[.deal].rows[place].modified, time)
    guard kind != .dealCreated else { return }
    let isWon = kind == .dealWon
    finish(place, stage: isWon ? "WON" : "LOSE", isWon ? "S" : "F", at: time)
  }

  private mutating func newDeal(_ title: String, _ person: EntityReference, at time: Int64) -> Int64 {
    let place = newEntity(.deal, at: time)
    let id = spaces[.deal].rows[place].id
    set("TITLE", .text(title), at: place, of: .deal)
    set("CATEGORY_ID", .whole(0), at: place, of: .deal)
    set("STAGE_ID", .text("NEW"), at: place, of: .deal)
    set("STAGE_SEMANTIC_ID", .text("P"), at: place, of: .deal)
    set("CURRENCY_ID", .text("EUR"), at: place, of: .deal)
    set("OPPORTUNITY", .number(0), at: place, of: .deal)
    set("CLOSED", .flag(false), at: place, of: .deal)
    set("MOVED_TIME", .time(time), at: place, of: .deal)
    if person.type == .contact {
      spaces[.deal].rows[place].contacts = [person.id]
    } else {
      set("LEAD_ID", .whole(person.id), at: place, of: .deal)
    }
    move(EntityReference(type: .deal, id: id), to: "NEW", "P", sort: 1, at: time)
    return id
  }

  private mutating func finish(_ place: Int, stage: String, _ semantics: String, at time: Int64) {
    set("STAGE_ID", .text(stage), at: place, of: .deal)
    set("STAGE_SEMANTIC_ID", .text(semantics), at: place, of: .deal)
    set("CLOSED", .flag(true), at: place, of: .deal)
    set("CLOSEDATE", .day(settings.time.day(time)), at: place, of: .deal)
    set("MOVED_TIME", .time(time), at: place, of: .deal)
    let id = spaces[.deal].rows[place].id
    move(EntityReference(type: .deal, id: id), to: stage, semantics, sort: 3, at: time)
  }

  /// Adds a line to the history of stages.
  mutating func move(
    _ owner: EntityReference, to stage: String, _ semantics: String, sort: Int64, at time: Int64
  ) {
    moves[owner.type, default: []].append(
      StageMove(id: nextMoveID, sort: sort, owner: owner, time: time, stage: stage, semantics: semantics))
    nextMoveID += 2
  }
}
