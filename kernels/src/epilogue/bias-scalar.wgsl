// Linked to shaders that add a bias per column, where columns do not come in fours.

const BIAS_BINDING = 3u;

override BIAS_OFFSET: u32 = 0;

@group(0) @binding(BIAS_BINDING) var<storage, read> bias: array<f32>; // [columns]

// Columns past the end are added to what is not stored.
fn add_bias(value: vec4f, column_vector: u32) -> vec4f {
  let i = BIAS_OFFSET + 4 * column_vector;
  return value + vec4f(bias[i], bias[i + 1], bias[i + 2], bias[i + 3]);
}
