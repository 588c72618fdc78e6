import Tensors

/// The variance of outputs over the pictures of a batch as a share of their whole variance: 0 where
/// every picture gives the same. nil for fewer than two pictures.
///
/// - Parameter outputs: `[batch, …]`
func pictureDependence(_ outputs: Tensor) -> Float? {
  let batch = outputs.shape[0]
  let width = batch > 0 ? outputs.count / batch : 0
  guard batch > 1, width > 0 else { return nil }
  return outputs.withPointer { x in
    var mean = 0.0
    for index in 0..<outputs.count { mean += Double(x[index]) }
    mean /= Double(outputs.count)
    var (whole, between) = (0.0, 0.0)
    for column in 0..<width {
      var own = 0.0
      for picture in 0..<batch { own += Double(x[picture * width + column]) }
      own /= Double(batch)
      for picture in 0..<batch {
        let value = Double(x[picture * width + column])
        whole += (value - mean) * (value - mean)
        between += (value - own) * (value - own)
      }
    }
    return whole > 0 ? Float(between / whole) : 0
  }
}
