import Dispatch
import Heads
import Models
import Support
import Synchronization
import Tensors
import Testing

/// One model serves several requests at once: it gives each the bits that it gives to one alone.
@Suite struct UniTConcurrencyTests {
  @Test(arguments: ReferenceCase.names)
  func requestsAtOnceGetTheBitsOfOneAlone(_ name: String) throws {
    let reference = try ReferenceCase(name)
    let model = reference.model
    let inputs = try ReferenceInputs(Golden("UniT/inputs.safetensors"))
    let requests = reference.configuration.tasks.map { task in
      (task: task, images: inputs.images, texts: inputs.texts(task))
    }
    @Sendable func bits(_ number: Int) -> [UInt32] {
      let (task, images, texts) = requests[number]
      let states = model.states(images: images, texts: texts, task: task)
      let outputs = model.heads[task.name]!.outputs(states[states.count - 1])
      return (states + outputs.map(\.1)).flatMap { $0.elements.map(\.bitPattern) }
    }
    atOneKernelLevel {
      let alone = requests.indices.map(bits)
      let different = Mutex<[String]>([])
      // More requests than cores, and their own loops over the cores inside.
      DispatchQueue.concurrentPerform(iterations: 4 * requests.count) { request in
        let number = request % requests.count
        if bits(number) != alone[number] {
          different.withLock { $0.append(requests[number].task.name) }
        }
      }
      #expect(different.withLock { $0 }.isEmpty)
    }
  }

  /// Each thread trains on a tape of its own while the others do; a tape is never shared.
  @Test func gradientsAtOnceHaveTheBitsOfOneAlone() throws {
    let reference = try ReferenceCase("shared")
    let inputs = try ReferenceInputs(Golden("UniT/inputs.safetensors"))
    let tasks = reference.configuration.tasks
    @Sendable func bits(_ number: Int) -> [UInt32] {
      let model = reference.model
      let result = try? withGradients { try inputs.loss(model, tasks[number]).total }
      let gradients = model.parameters.compactMap { result?.gradients[$0] }
      return gradients.flatMap { $0.elements.map(\.bitPattern) }
    }
    atOneKernelLevel {
      let alone = tasks.indices.map(bits)
      let different = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 2 * tasks.count) { request in
        let number = request % tasks.count
        if bits(number).isEmpty || bits(number) != alone[number] {
          different.withLock { $0.append(tasks[number].name) }
        }
      }
      #expect(different.withLock { $0 }.isEmpty)
    }
  }
}
