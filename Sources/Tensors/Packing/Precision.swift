/// The arithmetic of products with packed weights.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats throughout.
  case f32
  /// Both factors rounded to bfloat16, which has the range of a float and 8 bits of precision;
  /// summed in 32-bit floats.
  case bf16
  /// Weights of 8 bits with a scale a column, activations quantised to 256 levels from the least to
  /// the greatest number of each row; summed exactly.
  case int8
}
