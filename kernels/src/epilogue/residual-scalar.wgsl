// Linked to shaders that add a tensor of the output's shape, where columns do not come in fours.

const RESIDUAL_BINDING = 4u;

override RESIDUAL_OFFSET: u32 = 0;

@group(0) @binding(RESIDUAL_BINDING) var<storage, read> residual: array<f32>;

fn add_residual(value: vec4f, index: u32) -> vec4f {
  let i = RESIDUAL_OFFSET + index;
  return value + vec4f(residual[i], residual[i + 1], residual[i + 2], residual[i + 3]);
}
