// Linked to shaders that add a tensor of the output's shape.

const RESIDUAL_BINDING = 4u;

override RESIDUAL_OFFSET: u32 = 0; // in vectors of 4

@group(0) @binding(RESIDUAL_BINDING) var<storage, read> residual: array<vec4f>;

fn add_residual(value: vec4f, index: u32) -> vec4f {
  return value + residual[RESIDUAL_OFFSET + index];
}
