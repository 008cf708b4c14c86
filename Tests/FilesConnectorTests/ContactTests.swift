import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Contacts of a file")
struct ContactTests {
  private func pull(_ text: String, _ more: String = "") async throws -> Pulled {
    let folder = try TemporaryFolder()
    try folder.write("contacts.csv", text)
    return try await folder.connector("contacts: contacts.csv\n" + more).pull("contacts")
  }

  @Test("Canonical and other columns become fields, empty ones are left out")
  func fields() async throws {
    let pulled = try await pull(
      " id , email,emails,first_name, Plan B \n 7 ,A@b.c,\"x@y.z; ;A@b.c;v@w.x\",, gold \n")
    #expect(
      pulled.contacts == [
        ContactRecord(
          id: ContactID("7"), emails: ["A@b.c", "x@y.z", "v@w.x"],
          fields: [ContactField("email", "A@b.c"), ContactField("Plan B", "gold")])
      ])
  }

  @Test("Without an id the normalised address is the id, the address stays as found")
  func idOfAddress() async throws {
    let pulled = try await pull("email,id\nAnn@Example.COM,\n,\nfoo,\nfoo,9\n")
    #expect(pulled.contacts.map(\.id.text) == ["ann@example.com", "9"])
    #expect(pulled.contacts.map(\.emails) == [["Ann@Example.COM"], ["foo"]])
    #expect(
      pulled.reasons == [
        "contacts.csv:3: has neither id nor email",
        "contacts.csv:4: has no id, and 'foo' is no e-mail address",
      ])
  }

  @Test("The creation time is a time and a field")
  func created() async throws {
    let pulled = try await pull("id,created_at\n1,2026-11-23\n2,\n3,soon\n")
    #expect(pulled.contacts.map(\.createdAt) == [Timestamp("2026-11-23"), nil])
    #expect(pulled.contacts.first?.fields == [ContactField("created_at", "2026-11-23")])
    #expect(
      pulled.reasons == [
        "contacts.csv:4: created_at is 'soon', not a time by ISO 8601, a date or Unix seconds"
      ])
  }

  @Test("A pattern of dates holds for the creation time")
  func pattern() async throws {
    let pulled = try await pull(
      "id,created_at\n1,23.11.2026\n2,2026-11-23\n", "dateFormat: { contacts: dd.MM.yyyy }")
    #expect(pulled.contacts.map(\.createdAt) == [Timestamp("2026-11-23")])
    #expect(pulled.rejected.count == 1)
  }

  @Test("Mapped headers take canonical names, and a mapped name hides the column that bears it")
  func mapping() async throws {
    let pulled = try await pull(
      "Key,Mail,Given name,email,source\n1,a@b.c,Ann,old@b.c,web\n",
      "columns: { contacts: { id: Key, email: Mail, first_name: Given name, source: { always: fair } } }")
    #expect(
      pulled.contacts == [
        ContactRecord(
          id: ContactID("1"), emails: ["a@b.c"],
          fields: [
            ContactField("email", "a@b.c"), ContactField("first_name", "Ann"), ContactField("source", "fair"),
          ])
      ])
  }

  @Test("One column may serve two names")
  func shared() async throws {
    let pulled = try await pull(
      "id,Place\n1,Huế\n", "columns: { contacts: { city: Place, country: Place } }")
    #expect(pulled.contacts.first?.fields == [ContactField("city", "Huế"), ContactField("country", "Huế")])
  }

  @Test("A mapped header that the file lacks is bad data")
  func lacking() async throws {
    let failed = await failure {
      _ = try await pull("id,Mail\n", "columns: { contacts: { city: Town } }")
    }
    #expect(failed?.kind == .badData)
    #expect(failed?.what.hasSuffix("the header has no column 'Town', named by columns.contacts.city") == true)
  }
}
