fn add_bias(value: vec4f, column_vector: u32) -> vec4f {
  return value;
}
