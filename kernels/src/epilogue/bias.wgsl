// Linked to shaders that add a bias per column.

const BIAS_BINDING = 3u;

override BIAS_OFFSET: u32 = 0; // in vectors of 4

@group(0) @binding(BIAS_BINDING) var<storage, read> bias: array<vec4f>; // [columns / 4]

fn add_bias(value: vec4f, column_vector: u32) -> vec4f {
  return value + bias[BIAS_OFFSET + column_vector];
}
