// The windows of a convolution as the left factor of a product, never stored: [pixels, taps, depth].

override DEPTH_PER_TAP: u32; // input channels, padded to a multiple of four

fn left_start(outer: u32, inner: u32) -> u32 {
  return 0;
}

/// Elements `depth` to `depth + 3` of a row, which are channels of one pixel; zeros in the padding.
fn load_left(start: u32, row: u32, depth: u32) -> vec4f {
  let window = window_of(row);
  let tap = depth / DEPTH_PER_TAP;
  let y = window.y + (tap / KERNEL_WIDTH) * DILATION_Y;
  let x = window.x + (tap % KERNEL_WIDTH) * DILATION_X;
  if (!is_inside(y, x)) {
    return vec4f();
  }
  return load_channels((window.image_row + y) * WIDTH + x, depth % DEPTH_PER_TAP);
}
