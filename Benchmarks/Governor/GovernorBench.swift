import LimitModels
import WebAPI

/// Prints how much of each platform's quota a client gets, alone and beside another one, in virtual time.
@main
struct GovernorBench {
  static func main() {
    print(row("limit", "beside it", "hours", "share", "refused", "of"))
    let search = RequestDemand(kind: "search")
    let update = RequestDemand(methods: ["crm.contact.update": 1])
    let hub = HubSpotLimits(count: 190)
    let hubLimits = HubSpotLimits.described(count: 190)
    trial("HubSpot 190 / 10 s", "nobody", LimitTrial(hub, hubLimits))
    trial("HubSpot 190 / 10 s", "9.5 / s", LimitTrial(hub, hubLimits, otherPace: 1 / 9.5))
    trial("HubSpot search 5 / s", "nobody", LimitTrial(hub, hubLimits, demand: search, counts: "search"))
    // A little less than 2, 2.5 and 3 a second: who takes exactly as many is refused by a hair's breadth.
    for (pace, text) in [(0.51, "2 / s"), (0.41, "2.5 / s"), (0.35, "3 / s")] {
      trial(
        "HubSpot search 5 / s", text,
        LimitTrial(hub, hubLimits, demand: search, otherPace: pace, counts: "search"))
    }
    let mail = GetResponseLimits()
    trial("GetResponse frame", "nobody", LimitTrial(mail, GetResponseLimits.described))
    trial("GetResponse frame", "25 / s", LimitTrial(mail, GetResponseLimits.described, otherPace: 1 / 25.0))
    let crm = Bitrix24Limits(cost: 0.05...0.1)
    trial("Bitrix24 bucket", "nobody", LimitTrial(crm, Bitrix24Limits.described, demand: update))
    trial("Bitrix24 bucket", "1 / s", LimitTrial(crm, Bitrix24Limits.described, demand: update, otherPace: 1))
    let slow = Bitrix24Limits(cost: 0.8...2.4)
    trial(
      "Bitrix24 operating", "nobody",
      LimitTrial(slow, Bitrix24Limits.described, demand: update, counts: "operating"))
    trial(
      "Bitrix24 operating", "0.25 / s",
      LimitTrial(slow, Bitrix24Limits.described, demand: update, otherPace: 4, counts: "operating"))
    let web = MauticLimits(count: 1_000, workers: 2)
    trial("Mautic hourly", "nobody", LimitTrial(web, MauticLimits.described))
    trial("Mautic hourly", "500 / h", LimitTrial(web, MauticLimits.described, otherPace: 7.2))
    trial(
      "Mautic, 2 workers", "nobody", LimitTrial(MauticLimits(count: nil, workers: 2), MauticLimits.described))
  }

  private static func trial(_ limit: String, _ beside: String, _ trial: LimitTrial) {
    var trial = trial
    let hours = 4
    let outcome = trial.run(seconds: Double(hours) * 3_600)
    print(
      row(
        limit, beside, "\(hours)", percent(outcome.share), percent(outcome.refusals), "\(outcome.sent)"))
  }

  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  private static func row(_ cells: String...) -> String {
    zip(cells, [22, 11, 7, 11, 10, 8]).map { text, width in
      text + String(repeating: " ", count: max(1, width - text.count))
    }.joined()
  }
}
