import CKernels
import Foundation

private let oneAtATime = NSRecursiveLock()

/// Runs `body` once for each instruction set that this processor has: scalar, AVX2, AVX-512.
///
/// Tests that run at the same time compute with the same level meanwhile, which does no harm: every
/// level must pass every test. Tests of equal bits wrap themselves into `atOneKernelLevel`.
public func forEveryKernelLevel(_ body: (_ name: String) throws -> Void) rethrows {
  oneAtATime.lock()
  let before = kernel_level()
  defer {
    kernel_set_level(before)
    oneAtATime.unlock()
  }
  for (level, name) in ["scalar", "AVX2", "AVX-512"].enumerated() {
    kernel_set_level(Int32(level))
    if kernel_level() == level { try body(name) }
  }
}

/// Runs `body` while no other test changes the instruction set; for comparisons of bits.
public func atOneKernelLevel<Result>(_ body: () throws -> Result) rethrows -> Result {
  oneAtATime.lock()
  defer { oneAtATime.unlock() }
  return try body()
}

/// Runs `body` once for each instruction set, and where the processor has instructions for low
/// precision both with and without them.
public func forEveryDotProduct(_ body: (_ name: String) throws -> Void) rethrows {
  try forEveryKernelLevel { name in
    try body(name)
    let instructions = kernel_dot_products()
    guard instructions != 0 else { return }
    kernel_set_dot_products(0)
    defer { kernel_set_dot_products(instructions) }
    try body(name + " without BF16 and VNNI")
  }
}
