import Testing

@Suite struct `Reading broken rules` {
  static let actions: [BrokenModel] = [
    .action("no id", "on: chat, points: 1", column: 5, "'id' is missing", cure: "a-z, 0-9 and -"),
    .action(
      "an id in capitals", "id: A, on: chat, points: 1", column: 10, "'A' is no rule id",
      cure: "a-z, 0-9 and -"),
    .action("an id with an underscore", "id: a_b, on: chat, points: 1", column: 10, "'a_b' is no rule id"),
    .action("no kind", "id: a, points: 1", column: 5, "'on' is missing", cure: "Name a kind"),
    .action(
      "an unknown kind", "id: a, on: page_visits, points: 1", column: 17,
      "'page_visits' is no kind of activity", cure: "Did you mean 'page_visit'"),
    .action(
      "a kind without custom", "id: a, on: webinar, points: 1", column: 17,
      "'webinar' is no kind of activity", cure: "custom:NAME"),
    .action(
      "a custom kind without name", "id: a, on: \"custom:\", points: 1", column: 17,
      "'custom:' is no kind of activity"),
    .action(
      "an unknown kind in a list", "id: a, on: [chat, caal], points: 1", column: 24,
      "'caal' is no kind of activity", cure: "Did you mean 'call'"),
    .action(
      "an empty list of kinds", "id: a, on: [], points: 1", column: 17,
      "expected a kind of activity or a list of kinds"),
    .action("a mapping as kind", "id: a, on: { chat: 1 }, points: 1", column: 17, "found a mapping"),
    .action("no points", "id: a, on: chat", column: 5, "'points' is missing"),
    .action(
      "points with a point", "id: a, on: chat, points: 1.5", column: 31,
      "expected a whole number of points, found '1.5'"),
    .action("points in words", "id: a, on: chat, points: ten", column: 31, "found 'ten'"),
    .action(
      "points out of range", "id: a, on: chat, points: -1000001", column: 31, "-1000001 is out of range"),
    .action(
      "points beyond all range", "id: a, on: chat, points: 99999999999999999999", column: 31,
      "expected a whole number"),
    .action(
      "the lowest points there are", "id: a, on: chat, points: -9223372036854775808", column: 31,
      "out of range"),
    .action(
      "an unknown key", "id: a, on: chat, points: 1, withn: 7d", column: 34,
      "unknown key 'withn' in an actions rule", cure: "Did you mean 'within'"),
    .action(
      "a key of the other section", "id: a, on: chat, points: 1, field: x", column: 34,
      "unknown key 'field' in an actions rule"),
    .action(
      "a bad window", "id: a, on: chat, points: 1, within: 7 days", column: 42, "'7 days' is no duration",
      cure: "7d"),
    .action(
      "a window of nothing", "id: a, on: chat, points: 1, within: 0d", column: 42, "'0d' is no duration"),
    .action(
      "a window without value", "id: a, on: chat, points: 1, within: ", column: 34, "'within' has no value"),
    .action(
      "a list as halving", "id: a, on: chat, points: 1, halvesEvery: [7d]", column: 47,
      "expected a duration such as 7d, found a list"),
    .action(
      "atLeast with max", "id: a, on: chat, points: 1, atLeast: 3, max: 2", column: 46,
      "'max' does not go with 'atLeast'", cure: "drop one"),
    .action(
      "atLeast with once", "id: a, on: chat, points: 1, atLeast: 3, once: true", column: 46,
      "'once' does not go with 'atLeast'"),
    .action(
      "max with once", "id: a, on: chat, points: 1, max: 3, once: true", column: 42,
      "'once' does not go with 'max'"),
    .action(
      "distinct without atLeast", "id: a, on: chat, points: 1, distinct: target", column: 34,
      "'distinct' without 'atLeast'", cure: "atLeast: 3"),
    .action(
      "distinct by something else", "id: a, on: chat, points: 1, distinct: campaign, atLeast: 2", column: 44,
      "only targets can be counted", cure: "distinct: target"),
    .action(
      "atLeast of none", "id: a, on: chat, points: 1, atLeast: 0", column: 43, "'atLeast' is 0",
      cure: "from 1"),
    .action(
      "atLeast in words", "id: a, on: chat, points: 1, atLeast: five", column: 43,
      "expected a whole number from 1, found 'five'"),
    .action(
      "atLeast without value", "id: a, on: chat, points: 1, atLeast: ", column: 34, "'atLeast' has no value"),
    .action("max of none", "id: a, on: chat, points: 1, max: 0", column: 39, "'max' is 0"),
    .action(
      "once that is neither", "id: a, on: chat, points: 1, once: 1", column: 40,
      "expected true or false, found '1'"),
    .action(
      "absentFor with within", "id: a, on: any, points: 1, absentFor: 60d, within: 7d", column: 49,
      "'within' does not go with 'absentFor'", cure: "on, where and points only"),
    .action(
      "absentFor with atLeast", "id: a, on: any, points: 1, absentFor: 60d, atLeast: 2", column: 49,
      "'atLeast' does not go with 'absentFor'"),
    .action(
      "absentFor with max", "id: a, on: any, points: 1, absentFor: 60d, max: 2", column: 49,
      "'max' does not go with 'absentFor'"),
    .action(
      "absentFor with once", "id: a, on: any, points: 1, absentFor: 60d, once: true", column: 49,
      "'once' does not go with 'absentFor'"),
    .action(
      "absentFor with halving", "id: a, on: any, points: 1, absentFor: 60d, halvesEvery: 2d", column: 49,
      "'halvesEvery' does not go with 'absentFor'"),
    .action(
      "absentFor with a group", "id: a, on: any, points: 1, absentFor: 60d, group: email", column: 49,
      "'group' does not go with 'absentFor'"),
    .action(
      "absentFor without value", "id: a, on: any, points: 1, absentFor: ", column: 33,
      "'absentFor' has no value"),
    .action(
      "a bad absence", "id: a, on: any, points: 1, absentFor: long", column: 44, "'long' is no duration"),
    .action(
      "an unknown group", "id: a, on: chat, points: 1, group: emial", column: 41, "there is no group 'emial'",
      cure: "Did you mean 'email'"),
    .action(
      "a group like no other", "id: a, on: chat, points: 1, group: web", column: 41,
      "there is no group 'web'", cure: "Add it under groups"),
    .action(
      "an unknown key in where", "id: a, on: chat, points: 1, where: { targt: x }", column: 43,
      "unknown key 'targt' in where", cure: "Did you mean 'target'"),
    .action("an empty where", "id: a, on: chat, points: 1, where: {}", column: 41, "'where' names nothing"),
    .action(
      "a where that is a text", "id: a, on: chat, points: 1, where: \"*/p\"", column: 41,
      "expected a mapping of keys to values, found '*/p'"),
    .action(
      "a where without value", "id: a, on: chat, points: 1, where: ", column: 34, "'where' has no value"),
    .action(
      "a target without value", "id: a, on: chat, points: 1, where: { target: }", column: 43,
      "'target' has no value"),
    .action(
      "an empty list of targets", "id: a, on: chat, points: 1, where: { target: [] }", column: 51,
      "expected text or a list of texts, found a list"),
    .action(
      "a target that is nothing", "id: a, on: chat, points: 1, where: { target: [a, ~] }", column: 55,
      "found nothing"),
    .action(
      "a bad value", "id: a, on: chat, points: 1, where: { value: long }", column: 50,
      "'long' is no comparison"),
    .action(
      "a label that is a list", "id: a, on: chat, points: 1, label: [x]", column: 41,
      "expected text, found a list"),
  ]

  static let profiles: [BrokenModel] = [
    .profile(
      "a rule that asks nothing", "id: a, points: 1, field: job", column: 6, "the rule asks nothing",
      cure: "Name exactly one of is, isNot"),
    .profile(
      "a rule that asks two things", "id: a, points: 1, field: job, is: x, contains: y", column: 43,
      "the rule asks is and contains"),
    .profile(
      "a test without field", "id: a, points: 1, contains: x", column: 24, "'contains' without 'field'",
      cure: "field: job_title"),
    .profile("a test without value", "id: a, points: 1, field: job, is: ", column: 36, "'is' has no value"),
    .profile("a field without value", "id: a, points: 1, is: x, field: ", column: 31, "'field' has no value"),
    .profile(
      "a field that is a list", "id: a, points: 1, is: x, field: [a]", column: 38,
      "expected text, found a list"),
    .profile(
      "filled with a field", "id: a, points: 1, field: x, filled: [a]", column: 24,
      "'field' does not go with 'filled'"),
    .profile(
      "missing with a field", "id: a, points: 1, field: x, missing: [a]", column: 24,
      "'field' does not go with 'missing'"),
    .profile(
      "filled with nothing", "id: a, points: 1, filled: []", column: 32, "expected text or a list of texts"),
    .profile(
      "a number in words", "id: a, points: 1, field: x, atLeast: fifty", column: 43, "'fifty' is no number",
      cure: "50 or 2.5"),
    .profile(
      "a list of numbers", "id: a, points: 1, field: x, atMost: [1, 2]", column: 42,
      "expected a number, found a list"),
    .profile(
      "an unknown class of domains", "id: a, points: 1, field: email, emailDomain: company", column: 51,
      "'company' is not possible here", cure: "business, free, disposable"),
    .profile(
      "an unknown key", "id: a, points: 1, field: x, contain: y, is: z", column: 34,
      "unknown key 'contain' in a profile rule", cure: "Did you mean 'contains'"),
    .profile(
      "a key of the other section", "id: a, points: 1, filled: x, within: 7d", column: 35,
      "unknown key 'within' in a profile rule"),
    .profile(
      "an unknown group", "id: a, points: 1, filled: x, group: mail", column: 42, "there is no group 'mail'",
      cure: "Did you mean 'email'"),
    .profile("no points", "id: a, filled: x", column: 5, "'points' is missing"),
    .profile(
      "an empty list of texts", "id: a, points: 1, field: x, is: []", column: 38,
      "expected text or a list of texts"),
    .profile(
      "an id that is a list", "id: [a], points: 1, filled: x", column: 10, "expected text, found a list"),
  ]

  @Test(arguments: actions)
  func `tells what is wrong with an actions rule, where, and the cure`(broken: BrokenModel) {
    broken.check()
  }

  @Test(arguments: profiles)
  func `tells what is wrong with a profile rule, where, and the cure`(broken: BrokenModel) {
    broken.check()
  }
}
