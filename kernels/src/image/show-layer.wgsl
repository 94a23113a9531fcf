// Lays a texture over a target of the same size, pixel by pixel. Linked with cover-target.wgsl.

@group(0) @binding(0) var layer: texture_2d<f32>; // premultiplied

@fragment
fn shade(@builtin(position) place: vec4f) -> @location(0) vec4f {
  return textureLoad(layer, vec2i(place.xy), 0);
}
