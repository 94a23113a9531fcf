// Draws the tint of a mask and the line along its edge over a picture that is there already, which may
// be shown larger or smaller. Linked with outline.wgsl and cover-target.wgsl.

@fragment
fn shade(@builtin(position) place: vec4f) -> @location(0) vec4f {
  let within = (place.xy - parameters.area.xy) / parameters.area.zw;
  let size = vec2f(f32(parameters.width), f32(parameters.height));
  let pixel = vec2i(floor(within * size));
  if (!is_in_image(pixel.x, pixel.y)) {
    discard;
  }
  if (parameters.outline_squared > 0 && is_on_line(pixel.x, pixel.y)) {
    return vec4f(parameters.line.rgb, 1.0);
  }
  if (!is_inside(pixel.x, pixel.y)) {
    discard;
  }
  return vec4f(parameters.tint.rgb, parameters.opacity);
}
