// The input of a convolution with any number of channels.

override CHANNELS: u32;
override X_OFFSET: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, HEIGHT, WIDTH, CHANNELS]

/// Four channels of a pixel, zeros past the last.
fn load_channels(pixel: u32, channel: u32) -> vec4f {
  let i = X_OFFSET + pixel * CHANNELS + channel;
  let inside = vec4u(0, 1, 2, 3) + channel < vec4u(CHANNELS);
  return select(vec4f(), vec4f(x[i], x[i + 1], x[i + 2], x[i + 3]), inside);
}
