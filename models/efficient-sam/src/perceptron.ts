import { gelu, linear, type Tensor, type Weights } from '@samgpu/graph';

/** Hidden layers with GELU, then a last one without (`MLPBlock` of mlp.py). */
export function perceptron(x: Tensor, w: Weights, hiddenLayers: number): Tensor {
  for (let i = 0; i < hiddenLayers; i++) {
    x = gelu(linear(x, w.at(`layers.${i}.0`)));
  }
  return linear(x, w.at('fc'));
}
