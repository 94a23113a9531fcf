// One triangle that covers the target of a render pass. Linked with what shades it.

@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32((corner & 1) * 4) - 1.0, f32((corner >> 1) * 4) - 1.0, 0.0, 1.0);
}
