import CKernels
import Foundation
import Tensors

/// Adam with decoupled weight decay (Loshchilov, Hutter 2019), computed as `torch.optim.AdamW`.
///
/// Only parameters that have a gradient in a step are stepped: the moments, the weight decay and
/// the step count of the others stay as they are. In multi-task training a head thus learns at
/// the pace of its own task.
public final class AdamW {
  /// Rates of one parameter.
  public struct Rates: Sendable, Equatable {
    /// Learning rate before the schedule's factor.
    public var learningRate: Double
    /// Weight decay, decoupled from the gradient.
    public var weightDecay: Double

    /// Rates of one parameter.
    public init(learningRate: Double, weightDecay: Double) {
      self.learningRate = learningRate
      self.weightDecay = weightDecay
    }
  }

  /// What a parameter remembers between steps.
  public struct Moments: Sendable {
    /// Running mean of the gradient, in the parameter's shape.
    public var first: Tensor
    /// Running mean of the squared gradient, in the parameter's shape.
    public var second: Tensor
    /// Steps taken so far.
    public var steps: Int
  }

  /// Decay of the first and of the second moment.
  public let betas: (Double, Double)
  /// Keeps the division finite.
  public let epsilon: Double
  /// Every parameter that may be stepped.
  public let parameters: [Parameter]
  /// Rates of each parameter.
  public let rates: [Rates]
  /// Moments of each parameter; nil before its first step.
  public private(set) var moments: [Moments?]

  /// An optimiser that has not taken a step.
  public init(
    _ parameters: [Parameter], rates: [Rates], betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8
  ) {
    precondition(
      parameters.count == rates.count,
      "\(parameters.count) parameters need as many rates, not \(rates.count)")
    self.parameters = parameters
    self.rates = rates
    self.betas = betas
    self.epsilon = epsilon
    moments = [Moments?](repeating: nil, count: parameters.count)
  }

  /// Takes one step with every parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - gradients: gradients of this step's loss.
  ///   - factor: the schedule's factor on every learning rate.
  ///   - gradientScale: multiplies every gradient (clipping, weight of the task's loss).
  public func step(_ gradients: Gradients, factor: Double = 1, gradientScale: Float = 1) {
    var taking: [(index: Int, gradient: Tensor)] = []
    for (index, parameter) in parameters.enumerated() where parameter.isTrainable {
      guard let gradient = gradients[parameter] else { continue }
      precondition(
        gradient.shape == parameter.value.shape,
        "the gradient of \(parameter.name) has the shape \(gradient.shape), the parameter "
          + "\(parameter.value.shape)")
      taking.append((index, gradient))
    }
    let steps = taking.map { index, _ in
      prepare(index, factor: factor, gradientScale: gradientScale)
    }
    let places = taking.map { index, _ in
      // The storages stay put until the end of this call: nobody else holds them any more.
      (
        value: parameters[index].value.withMutablePointer { Pointer(address: $0) },
        first: moments[index]!.first.withMutablePointer { Pointer(address: $0) },
        second: moments[index]!.second.withMutablePointer { Pointer(address: $0) }
      )
    }
    ParameterPieces(counts: taking.map(\.gradient.count)).forEach { _, piece in
      let start = piece.range.lowerBound
      let place = places[piece.tensor]
      var constants = steps[piece.tensor]
      taking[piece.tensor].gradient.withPointer { gradient in
        kernel_adamw(
          piece.range.count, &constants, gradient + start, place.first.address + start,
          place.second.address + start, place.value.address + start)
      }
    }
    withExtendedLifetime(self) {}
  }

  /// Puts back the moments that a checkpoint kept.
  public func restore(_ moments: [Moments?]) {
    precondition(moments.count == parameters.count)
    for (parameter, moments) in zip(parameters, moments) {
      guard let moments else { continue }
      precondition(
        moments.first.shape == parameter.value.shape
          && moments.second.shape == parameter.value.shape,
        "moments of \(moments.first.shape) for \(parameter.name) \(parameter.value.shape)")
    }
    self.moments = moments
  }

  private struct Pointer: @unchecked Sendable {
    let address: UnsafeMutablePointer<Float>
  }

  /// Counts the step of one parameter and computes what its elements have in common, in double.
  private func prepare(_ index: Int, factor: Double, gradientScale: Float) -> kernel_adamw_step {
    if moments[index] == nil {
      let shape = parameters[index].value.shape
      moments[index] = Moments(first: .zeros(shape), second: .zeros(shape), steps: 0)
    }
    moments[index]!.steps += 1
    let taken = Double(moments[index]!.steps)
    let (beta1, beta2) = betas
    let rate = rates[index].learningRate * factor
    return kernel_adamw_step(
      gradient_scale: gradientScale,
      decay: Float(1 - rate * rates[index].weightDecay),
      rate: Float(rate / (1 - pow(beta1, taken))),
      beta2: Float(beta2), rest1: Float(1 - beta1), rest2: Float(1 - beta2),
      second_correction_root: Float((1 - pow(beta2, taken)).squareRoot()),
      epsilon: Float(epsilon))
  }
}
