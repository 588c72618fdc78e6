/// English for questions and statements.
enum SceneWords {
  /// "a dog", "an apple".
  static func one(_ name: String) -> String {
    (name.first.map { "aeiou".contains($0) } == true ? "an " : "a ") + name
  }

  /// "two"; digits from ten on.
  static func number(_ count: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return words.indices.contains(count) ? words[count] : "\(count)"
  }

  /// "dogs", "buses", "berries", "mice" only where a recipe says so.
  static func plural(of name: String) -> String {
    for ending in ["s", "x", "z", "ch", "sh"] where name.hasSuffix(ending) { return name + "es" }
    guard name.hasSuffix("y"), let before = name.dropLast().last, !"aeiou".contains(before) else {
      return name + "s"
    }
    return name.dropLast() + "ies"
  }
}
