// Linked to shaders whose weights are integers with a scale per column.

const SCALE_BINDING = 5u;

@group(0) @binding(SCALE_BINDING) var<storage, read> scale: array<vec4f>; // [columns / 4], padded

fn apply_scale(value: vec4f, column_vector: u32) -> vec4f {
  return value * scale[column_vector];
}
