/// `explain --json`.
struct Explained: Decodable {
  struct Person: Decodable {
    struct Contact: Decodable {
      let connection: String
      let contact: String
    }
    let name: String
    let contacts: [Contact]
  }
  struct Rule: Decodable {
    let rule: String
    let points: Double
    let count: Int
    let last: String?
  }
  let person: Person
  let asOf: String
  let score: Int
  let actions: Int
  let profile: Int
  let band: String?
  let tags: [String]
  let rules: [Rule]
  let changesAt: String?
}

/// One of `runs --json`.
struct RunForm: Decodable {
  let run: String
  let command: String
  let exit: Int?
  let contacts: Int
  let changes: Int
  let written: Int
  let refused: Int
}

/// `plan`, `sync`, `apply`, `backfill` and `pull` with `--json`.
struct ResultForm: Decodable {
  struct Plan: Decodable {
    let changes: Int
  }
  struct Pull: Decodable {
    let newContacts: Int
    let newActivities: Int
  }
  struct Refusal: Decodable {
    let connection: String
    let contact: String
    let reason: String
  }
  struct Fuse: Decodable {
    let fuse: String
    let cure: String
  }
  let command: String
  let exit: Int
  let pull: Pull?
  let plan: Plan?
  let written: Int?
  let refused: Int?
  let refusals: [Refusal]?
  let heldBack: Bool
  let fuses: [Fuse]
}

/// `status --json`.
struct StatusForm: Decodable {
  struct Connection: Decodable {
    struct Rejected: Decodable {
      let place: String
      let reason: String
    }
    let connection: String
    let contacts: Int
    let pending: Int
    let rejected: Int
    let rejectedRecords: [Rejected]
  }
  struct Fuse: Decodable {
    let fuse: String
    let message: String
  }
  let lastRun: RunForm?
  let connections: [Connection]
  let fuses: [Fuse]
}

/// What a command says with `--json` when it fails.
struct FailureForm: Decodable {
  let error: String
  let exit: Int32
}

/// One line of `check --json` and `model lint --json`.
struct FindingForm: Decodable {
  let subject: String
  let severity: String
  let text: String
  let cure: String
}
