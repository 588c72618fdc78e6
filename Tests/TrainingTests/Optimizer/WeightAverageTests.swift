import Support
import Tensors
import Testing
import Training

struct WeightAverageTests {
  @Test func followsTheFormulaWithWarmUp() {
    let parameter = Parameter("a", Tensor([0, 10]))
    let average = WeightAverage(of: [parameter], decay: 0.5)
    parameter.value = Tensor([1, 20])
    average.update()  // keeps min(0.5, 1/10)
    expectClose(average.averages[0], Tensor([0.9, 19]), absolute: 1e-6)
    parameter.value = Tensor([2, 20])
    average.update()  // keeps min(0.5, 2/11)
    expectClose(
      average.averages[0], Tensor([0.9 * 2 / 11 + 2 * 9 / 11, 19 * 2 / 11 + 20 * 9 / 11]),
      absolute: 1e-5)
    #expect(average.updates == 2)
  }

  @Test func keepsAFixedShareWithoutWarmUp() {
    let parameter = Parameter("a", Tensor([0]))
    let average = WeightAverage(of: [parameter], decay: 0.75, warmsUp: false)
    parameter.value = Tensor([4])
    average.update()
    #expect(average.averages[0].elements == [1])
  }

  @Test func lendsTheAveragesAndPutsTheWeightsBack() {
    let parameter = Parameter("a", Tensor([0]))
    let frozen = Parameter("b", Tensor([7]), isTrainable: false)
    let average = WeightAverage(of: [parameter, frozen], decay: 0.75, warmsUp: false)
    parameter.value = Tensor([4])
    average.update()
    let seen = average.withAverages { parameter.value.elements + frozen.value.elements }
    #expect(seen == [1, 7])
    #expect(parameter.value.elements == [4])
  }
}
