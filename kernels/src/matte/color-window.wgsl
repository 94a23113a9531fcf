// Colours of a window of 3x3 pixels as whole levels: sums of them and of their products are exact.

override REGULARIZATION: f32; // of each channel's variance, of colours from 0 to 1

/// Of a variance times 81, of colours as levels.
fn window_regularization() -> f32 {
  return REGULARIZATION * 81 * 65025;
}

struct ColorWindow {
  sum: vec3i,
  diagonal: vec3f, // of the covariance times 81, regularized
  off: vec3f, // rg, rb, gb
}

fn color_at(index: u32) -> vec3i {
  let pixel = pixels[index];
  return vec3i(vec3u(pixel, pixel >> 8, pixel >> 16) & vec3u(255));
}

/// Whether a whole window lies around the pixel.
fn has_window(tile: Tile, place: vec2u) -> bool {
  return place.x >= tile.window_left && place.x < tile.window_right &&
    place.y >= tile.window_top && place.y < tile.window_bottom;
}

fn window_around(index: u32, stride: u32) -> ColorWindow {
  var sum = vec3i();
  var squares = vec3i();
  var products = vec3i();
  for (var y = 0u; y < 3; y++) {
    for (var x = 0u; x < 3; x++) {
      let color = color_at(index + y * stride + x - stride - 1);
      sum += color;
      squares += color * color;
      products += color.xxy * color.yzz;
    }
  }
  return ColorWindow(
    sum,
    vec3f(9 * squares - sum * sum) + window_regularization(),
    vec3f(9 * products - sum.xxy * sum.yzz),
  );
}

/// The inverse of the covariance times 81, times a vector.
fn unmixed(window: ColorWindow, right: vec3f) -> vec3f {
  return solve_symmetric(window.diagonal, window.off, right, window_regularization());
}
