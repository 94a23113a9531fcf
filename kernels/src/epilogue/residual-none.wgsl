fn add_residual(value: vec4f, index: u32) -> vec4f {
  return value;
}
