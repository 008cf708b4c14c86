// Reads a page of contacts with simdjson, doing the job that bench-json does with the other readers.
#include <simdjson.h>

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

struct Contact {
  std::string email, first, last, company, stage, modified;
  long long id = 0;
  double score = 0;

  long long digest() const {
    return email.size() + first.size() * 3 + last.size() * 5 + company.size() * 7 + stage.size() * 11 + id +
           modified.size() * 13 + (long long)(score * 10);
  }
};

static double cpuTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

template <class Element>
static std::string text(Element properties, const char *name) {
  std::string_view view;
  if (properties[name].get_string().get(view)) return {};
  return std::string(view);
}

template <class Element>
static Contact contact(Element properties) {
  Contact contact;
  contact.email = text(properties, "email");
  contact.first = text(properties, "firstname");
  contact.last = text(properties, "lastname");
  contact.company = text(properties, "company");
  contact.stage = text(properties, "lifecyclestage");
  int64_t id = 0;
  if (!properties["hs_object_id"].get_int64().get(id)) contact.id = id;
  contact.modified = text(properties, "lastmodifieddate");
  double score = 0;
  if (!properties["hubspotscore"].get_double().get(score)) contact.score = score;
  return contact;
}

// The tree of all values, which is what can be asked by name in any order and as often as one likes.
static std::vector<Contact> dom(const simdjson::padded_string &page) {
  simdjson::dom::parser parser;
  std::vector<Contact> contacts;
  for (simdjson::dom::element entry : simdjson::dom::array(parser.parse(page)["results"]))
    contacts.push_back(contact(simdjson::dom::object(entry["properties"])));
  return contacts;
}

// One parser for all pages, as its documentation advises: its memory is used again.
static std::vector<Contact> domAgain(const simdjson::padded_string &page) {
  static simdjson::dom::parser parser;
  std::vector<Contact> contacts;
  for (simdjson::dom::element entry : simdjson::dom::array(parser.parse(page)["results"]))
    contacts.push_back(contact(simdjson::dom::object(entry["properties"])));
  return contacts;
}

static std::vector<Contact> domParsing(const simdjson::padded_string &page) {
  static simdjson::dom::parser parser;
  if (parser.parse(page).error()) std::puts("refused");
  return {};
}

// Reading while walking: the fields are looked for in any order from where the last one stood.
static std::vector<Contact> onDemand(const simdjson::padded_string &page) {
  static simdjson::ondemand::parser parser;
  std::vector<Contact> contacts;
  auto document = parser.iterate(page);
  for (auto entry : document["results"].get_array()) {
    simdjson::ondemand::object properties = entry["properties"].get_object();
    contacts.push_back(contact<simdjson::ondemand::object &>(properties));
  }
  return contacts;
}

static void measure(const char *name, std::vector<Contact> (*read)(const simdjson::padded_string &),
                    const simdjson::padded_string &page) {
  double best = 1e9;
  long long digest = 0;
  for (int turn = 0; turn < 15; turn++) {
    double start = cpuTime();
    int rounds = 0;
    do {
      digest = 0;
      for (const Contact &contact : read(page)) digest += contact.digest();
      rounds++;
    } while (cpuTime() - start < 0.1);
    double seconds = (cpuTime() - start) / rounds;
    if (seconds < best) best = seconds;
  }
  std::printf("%-26s%8.1f MB/s  digest %lld\n", name, page.size() / best / 1e6, digest);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  simdjson::padded_string page;
  if (simdjson::padded_string::load(arguments[1]).get(page)) return 1;
  measure("simdjson, a new parser", dom, page);
  measure("simdjson, same parser", domAgain, page);
  measure("simdjson, parsing only", domParsing, page);
  measure("simdjson, on demand", onDemand, page);
}
