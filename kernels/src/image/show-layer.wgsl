// Lays a texture over a target of the same size, pixel by pixel.

@group(0) @binding(0) var layer: texture_2d<f32>; // premultiplied

/// One triangle that covers the target.
@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32((corner & 1) * 4) - 1.0, f32((corner >> 1) * 4) - 1.0, 0.0, 1.0);
}

@fragment
fn shade(@builtin(position) place: vec4f) -> @location(0) vec4f {
  return textureLoad(layer, vec2i(place.xy), 0);
}
