/// Hands each request to several observers, one after another.
public struct WebObservers: WebObserver {
  private let observers: [any WebObserver]

  /// Tells these, in this order.
  public init(_ observers: [any WebObserver]) {
    self.observers = observers
  }

  /// Tells all of them.
  public func saw(_ exchange: WebExchange) {
    for observer in observers { observer.saw(exchange) }
  }
}
