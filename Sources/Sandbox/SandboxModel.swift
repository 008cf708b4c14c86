import Scoring

/// A model that fits generated worlds: a few people are hot, some are warm.
struct SandboxModel {
  let now: Timestamp

  var text: String {
    """
    # A model for generated people: one rule of each sort.
    name: Sandbox
    reviewed: \(now.description.prefix(10))
    reviewEvery: 90d
    robots: skip
    score: { min: 0, max: 100 }
    limits:
      actions: { max: 80 }
      profile: { min: -10, max: 16 }
    groups:
      email: { max: 15 }
    actions:
      - id: pricing-week
        label: Saw the pricing page 5 times within a week
        on: page_visit
        where: { target: ["*/pricing*", "*/bang-gia*"] }
        within: 7d
        atLeast: 5
        points: 30
      - id: asked-us
        label: Asked for a quote or a demonstration
        on: form_submit
        where: { target: ["*quote*", "*demo*", "*báo giá*", "*liên hệ*"] }
        once: true
        halvesEvery: 30d
        points: 16
      - id: read-products
        label: Saw 6 different product pages within two weeks
        on: page_visit
        where: { target: "*/products/*" }
        within: 14d
        distinct: target
        atLeast: 6
        points: 14
      - id: email-open
        label: Opened an e-mail
        on: email_open
        group: email
        points: 1
        max: 5
        halvesEvery: 30d
      - id: email-click
        label: Clicked a link in an e-mail
        on: email_click
        group: email
        points: 4
        max: 3
        halvesEvery: 30d
      - id: email-reply
        label: Answered an e-mail
        on: email_reply
        group: email
        points: 6
        max: 2
        halvesEvery: 30d
      - id: talked
        label: Talked on the telephone for a minute or more
        on: call
        where: { value: ">= 60" }
        points: 8
        max: 2
        halvesEvery: 30d
      - id: met
        label: Met us or came to an event
        on: [meeting, event_registration, event_attendance]
        points: 8
        max: 2
        halvesEvery: 45d
      - id: bought
        label: Bought something
        on: purchase
        points: 12
        max: 3
        halvesEvery: 30d
      - id: gone-quiet
        label: Nothing for two months
        on: any
        absentFor: 60d
        points: -15
    profile:
      - id: decision-maker
        label: Decides on purchases
        field: job_title
        contains: [ceo, founder, director, head of, giám đốc, trưởng phòng]
        points: 8
      - id: learner
        label: Studies or is an intern
        field: job_title
        contains: [intern, student, thực tập]
        points: -10
      - id: business-address
        label: Writes from a company address
        field: email
        emailDomain: business
        points: 4
      - id: complete
        label: Told us who they are
        filled: [first_name, last_name, phone, company, job_title]
        points: 4
    bands:
      - { name: hot, from: 55, tag: lead_hot, requires: { actions: 30 }, handoff: true }
      - { name: warm, from: 16, tag: lead_warm }
      - { name: cold, from: 0, tag: lead_cold }
    segments:
      - { tag: intent_pricing, when: { rule: pricing-week } }
      - { tag: sales_ready, when: { score: ">= 55", profile: ">= 8" } }
      - { tag: gone_quiet, when: { rule: gone-quiet } }

    """
  }
}
