import CKernels

/// Boxes given by center x, center y, width and height as left, top, right, bottom.
///
/// - Parameter boxes: [..., 4].
/// - Returns: the same shape.
public func cornersFromCenters(_ boxes: Tensor) -> Tensor {
  precondition(boxes.shape.last == 4, "boxes are [..., 4], not \(boxes.shape)")
  let count = boxes.rows
  let corners = Tensor(shape: boxes.shape) { y in
    boxes.withPointer { kernel_corners_from_centers(count, $0, y) }
  }
  return corners.recorded(from: [boxes]) { gradient, _ in
    let result = Tensor(shape: gradient.shape) { dx in
      gradient.withPointer { kernel_corners_from_centers_backward(count, $0, dx) }
    }
    return [result]
  }
}

/// The generalized intersection over union of each pair of boxes (Rezatofighi et al., 2019).
///
/// intersection / union - (hull - union) / hull, in -1...1; NaN where the hull has no area.
/// Gradients at ties and touching boxes are those of PyTorch's min, max and clamp.
///
/// - Parameters:
///   - a: left, top, right, bottom: [n, 4].
///   - b: likewise.
/// - Returns: [n].
public func generalizedIoU(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    a.rank == 2 && a.shape[1] == 4 && a.shape == b.shape,
    "generalized IoU of boxes \(a.shape) and \(b.shape); both are [n, 4]")
  let count = a.shape[0]
  let (keptA, keptB) = (a.detached, b.detached)
  let values = Tensor(shape: [count]) { y in
    a.withPointer { a in b.withPointer { kernel_generalized_iou(count, a, $0, y) } }
  }
  return values.recorded(from: [a, b]) { gradient, _ in
    let db = Storage(count: count * 4)
    let da = Tensor(shape: keptA.shape) { da in
      keptA.withPointer { a in
        keptB.withPointer { b in
          gradient.withPointer {
            kernel_generalized_iou_backward(count, a, b, $0, da, db.pointer)
          }
        }
      }
    }
    return [da, Tensor(shape: keptB.shape, storage: db)]
  }
}
