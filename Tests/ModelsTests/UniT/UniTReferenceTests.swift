import Heads
import Models
import Support
import Tensors
import Testing

/// UniT equals a PyTorch reference with the same random weights: two pictures of different size in
/// one padded batch, all kinds of tasks, shared and separate decoders, task tokens on and off,
/// `[CLS]` alone and all tokens, DC5 on and off.
@Suite struct UniTReferenceTests {
  @Test(arguments: ReferenceCase.names)
  func statesAndAnswersEqualTheReference(_ name: String) throws {
    let reference = try ReferenceCase(name)
    let model = reference.model
    let inputs = try ReferenceInputs(Golden("UniT/inputs.safetensors"))
    let outputs = try Golden("UniT/\(name).outputs.safetensors")
    for task in reference.configuration.tasks {
      func expected(_ entry: String) -> Tensor { outputs["\(task.name).\(entry)"] }
      if task.inputs.contains(.image) {
        let encoded = model.network.encodeImages(inputs.images, task: task)
        expectClose(encoded.features.channelsFirst, expected("image.features"), absolute: 1e-5)
        expectClose(encoded.memory.positions, expected("image.positions"), absolute: 1e-5)
        let sum = expected("image.projected") + expected("image.encoded")
        expectClose(encoded.memory.states, sum, absolute: 1e-5)
        let valid = outputs.booleans("\(task.name).image.mask")
        #expect(encoded.memory.padding == valid)
        let memory = model.network.memory(image: encoded.memory, text: nil, task: task)
        expectClose(memory.states, expected("image.memory"), absolute: 1e-5)
        expectClose(memory.positions, expected("image.memoryPositions"), absolute: 1e-5)
      }
      let texts = inputs.texts(task)
      if let texts {
        let encoded = model.network.encodeTexts(texts, task: task)
        expectClose(
          valid(encoded.states, texts.mask), valid(expected("text.states"), texts.mask),
          absolute: 1e-5)
        let memory = model.network.memory(image: nil, text: encoded, task: task)
        let kept = task.keepsOnlyCLS ? [true, true] : texts.mask
        expectClose(
          valid(memory.states, kept), valid(expected("text.memory"), kept), absolute: 1e-5)
        expectClose(memory.positions, expected("text.memoryPositions"), absolute: 1e-5)
      }
      let states = model.states(images: inputs.images, texts: texts, task: task)
      expectClose(stacked(states, axis: 0), expected("decoder.states"), absolute: 1e-5)
      let answers = Dictionary(
        uniqueKeysWithValues: model.heads[task.name]!.outputs(states[states.count - 1]))
      if task.head == "detection" {
        let layers = states.map {
          Dictionary(uniqueKeysWithValues: model.heads[task.name]!.outputs($0))
        }
        expectClose(
          stacked(layers.map { $0["pred_logits"]! }, axis: 0), expected("logits"), absolute: 1e-5)
        expectClose(
          stacked(layers.map { $0["pred_boxes"]! }, axis: 0), expected("boxes"), absolute: 1e-5)
        if task.attributes != nil {
          expectClose(answers["attributes"]!, expected("attributes"), absolute: 1e-5)
        }
      } else {
        expectClose(answers.values.first!, expected("answers"), absolute: 1e-5)
      }
    }
  }

  @Test(arguments: ReferenceCase.names)
  func everyLossTermEqualsTheReference(_ name: String) throws {
    let reference = try ReferenceCase(name)
    let inputs = try ReferenceInputs(Golden("UniT/inputs.safetensors"))
    let outputs = try Golden("UniT/\(name).outputs.safetensors")
    for task in reference.configuration.tasks {
      let terms = try inputs.loss(reference.model, task)
      for term in terms {
        let known = task.head == "detection" ? term.name : "loss_0"
        let expected = outputs["\(task.name).loss.\(known)"].scalar
        #expect(
          abs(term.value.scalar - expected) <= 1e-5 * max(abs(expected), 1e-3),
          "\(task.name) \(term.name): \(term.value.scalar), expected \(expected)")
      }
      let names = outputs.names(under: "\(task.name).loss.")
      #expect(names.count == terms.count, "\(task.name): \(names) and \(terms.map(\.name))")
      let total = outputs["\(task.name).total"].scalar
      #expect(abs(terms.total.scalar - total) <= 1e-5 * abs(total), "\(task.name)")
    }
  }

  @Test(arguments: ["shared", "separate"])
  func everyGradientEqualsTheReference(_ name: String) throws {
    let reference = try ReferenceCase(name)
    let inputs = try ReferenceInputs(Golden("UniT/inputs.safetensors"))
    let golden = try Golden("UniT/\(name).gradients.safetensors")
    // The reference's gradients include frozen stages; every weight is compared here.
    var compared = 0
    for task in reference.configuration.tasks {
      let names = Set(golden.names(under: "\(task.name)."))
      if names.isEmpty { continue }
      let (_, gradients) = try withGradients { try inputs.loss(reference.model, task).total }
      for parameter in reference.model.parameters where parameter.isTrainable {
        guard let gradient = gradients[parameter] else {
          #expect(!names.contains(parameter.name), "\(task.name): no gradient of \(parameter.name)")
          continue
        }
        guard names.contains(parameter.name) else {
          #expect(
            gradient.elements.allSatisfy { $0 == 0 },
            "\(task.name): \(parameter.name) has a gradient, the reference has none")
          continue
        }
        let expected = golden["\(task.name).\(parameter.name)"]
        // Relative to the largest entry; some gradients are zero by mathematics, hence the floor.
        let largest = expected.elements.map { abs($0) }.max() ?? 0
        expectClose(
          gradient, expected, absolute: 1e-3 * largest + 2e-6,
          "\(task.name) \(parameter.name)")
        compared += 1
      }
    }
    #expect(compared > 200)
  }

  private func valid(_ x: Tensor, _ mask: [Bool]) -> Tensor {
    let width = x.shape[x.rank - 1]
    let rows = mask.indices.filter { mask[$0] }
    return x.reshaped([x.count / width, width]).gathered(rows: rows)
  }
}
