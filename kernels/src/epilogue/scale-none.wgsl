fn apply_scale(value: vec4f, column_vector: u32) -> vec4f {
  return value;
}
