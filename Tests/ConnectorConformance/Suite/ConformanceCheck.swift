/// What is wrong with a connector.
public struct ConformanceFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was looked at.
  public let what: String
  /// What the contract says.
  public let expected: String
  /// What was there.
  public let found: String

  /// A failure.
  public init(_ what: String, expected: String, found: String) {
    self.what = what
    self.expected = expected
    self.found = found
  }

  /// All three.
  public var description: String { "\(what): expected \(expected), found \(found)" }
}

/// How a check ended that did not fail.
public enum ConformanceVerdict: Hashable, Sendable {
  /// The clause holds.
  case passed
  /// The clause was not looked at, for these reasons.
  case skipped([UnsupportedAbility])
}

/// One clause of the contract, to be looked at on a fresh account of a subject.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
  /// The clause.
  public let clause: ConformanceClause
  /// What a subject needs for it.
  public let needs: [ConformanceAbility]
  private let subject: any ConformanceSubject
  private let body: @Sendable (CheckRun) async throws -> Void

  init(
    _ clause: ConformanceClause, _ subject: any ConformanceSubject, needs: [ConformanceAbility],
    body: @escaping @Sendable (CheckRun) async throws -> Void
  ) {
    self.clause = clause
    self.subject = subject
    self.needs = needs
    self.body = body
  }

  /// The clause's sentence.
  public var name: String { clause.rawValue }

  /// The clause's sentence.
  public var description: String { clause.rawValue }

  /// Runs the check; prints why, if it is skipped.
  ///
  /// - Throws: `ConformanceFailure` if the clause does not hold.
  @discardableResult
  public func run() async throws -> ConformanceVerdict {
    let lacking = subject.unsupported.filter { needs.contains($0.ability) }
    guard lacking.isEmpty else {
      let reasons = lacking.map { "\($0.ability): \($0.reason)" }.joined(separator: "; ")
      print("not checked on \(subject.name): \(name) (\(reasons))")
      return .skipped(lacking)
    }
    do {
      try await body(CheckRun(subject: subject, account: try await subject.makeAccount()))
    } catch let failure as ConformanceFailure {
      throw failure
    } catch {
      throw ConformanceFailure(name, expected: "a call that succeeds", found: "\(error)")
    }
    return .passed
  }
}

/// The suite that every connector runs.
///
/// A connector's tests describe the platform as a `ConformanceSubject` and run one test a clause:
/// ```swift
/// @Test("keeps the contract", arguments: ConformanceSuite.checks(for: MauticSubject()))
/// func keepsTheContract(check: ConformanceCheck) async throws { try await check.run() }
/// ```
public enum ConformanceSuite {
  /// One check for each clause, on a fresh account each.
  public static func checks(for subject: any ConformanceSubject) -> [ConformanceCheck] {
    ConformanceClause.allCases.map { clause in
      let (needs, body) = plan(clause)
      return ConformanceCheck(clause, subject, needs: needs, body: body)
    }
  }

  typealias Body = @Sendable (CheckRun) async throws -> Void

  private static func plan(_ clause: ConformanceClause) -> ([ConformanceAbility], Body) {
    switch clause {
    case .declaresItself: ([], declaresItself)
    case .findsAreFine: ([], findsAreFine)
    case .readsEverything: ([], readsEverything)
    case .endsListings: ([], endsListings)
    case .repeatsPages: ([], repeatsPages)
    case .resumes: ([], resumes)
    case .bringsNothingTwice: ([], bringsNothingTwice)
    case .missesNoChange: ([], missesNoChange)
    case .seesChanges: ([], seesChanges)
    case .seesRemovals: ([.removing], seesRemovals)
    case .seesMerges: ([.merging], seesMerges)
    case .countsAlike: ([.activities], countsAlike)
    case .leavesOutOld: ([.activities, .oldActivities], leavesOutOld)
    case .reportsUnusable: ([.unusableRecords], reportsUnusable)
    case .readingChangesNothing: ([], readingChangesNothing)
    case .answersEveryID: ([], answersEveryID)
    case .writes: ([.writing], writes)
    case .clears: ([.writing], clears)
    case .writesAbsolutely: ([.writing], writesAbsolutely)
    case .ordersOutcomes: ([.writing], ordersOutcomes)
    case .knowsOwnWrites: ([.writing], knowsOwnWrites)
    case .seesOthersEdits: ([.writing, .editingScores], seesOthersEdits)
    case .storesZero: ([.writing], storesZero)
    case .leavesForeignFields: ([.writing, .foreignFields], leavesForeignFields)
    case .leavesForeignTags: ([.writing, .tags], leavesForeignTags)
    case .leavesOthers: ([.writing], leavesOthers)
    case .stages: ([.writing], stages)
    case .refuses: ([.writing, .refusing], refuses)
    case .saysGone: ([.writing], saysGone)
    case .saysMoved: ([.writing, .moving], saysMoved)
    case .admitsLossAfter: ([.writing, .losingAnswersAfterWriting], admitsLossAfter)
    case .admitsLossBefore: ([.writing, .losingAnswersBeforeWriting], admitsLossBefore)
    case .survivesOutages: ([.outages], survivesOutages)
    case .saysForbidden: ([.wrongCredentials], saysForbidden)
    case .keepsSecrets: ([], keepsSecrets)
    }
  }
}
