/// The files under `config/` that the program carries with it.
public enum ShippedFiles {
  /// Mail domains where anybody can have an address.
  public static var freeDomains: String { text(PackageResources.free_txt) }
  /// Mail domains whose addresses are thrown away.
  public static var disposableDomains: String { text(PackageResources.disposable_txt) }
  /// JSON Schema of the model file.
  public static var modelSchema: String { text(PackageResources.model_schema_json) }
  /// JSON Schema of the configuration file.
  public static var configurationSchema: String { text(PackageResources.configuration_schema_json) }

  /// The starter models by persona.
  public static var starterModels: [String: String] {
    [
      "b2b-services": text(PackageResources.b2b_services_yaml), "saas": text(PackageResources.saas_yaml),
      "retail": text(PackageResources.retail_yaml), "education": text(PackageResources.education_yaml),
      "real-estate": text(PackageResources.real_estate_yaml),
      "purchases": text(PackageResources.purchases_yaml),
    ]
  }

  /// Titles of the starter models in Vietnamese, as lines `English = Vietnamese`.
  public static var vietnameseWords: String { text(PackageResources.vietnamese_txt) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
