// The input of a convolution, where pixels have a multiple of four channels.

override CHANNELS: u32;
override X_OFFSET: u32; // in elements

@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [batch, HEIGHT, WIDTH, CHANNELS / 4]

/// Four channels of a pixel.
fn load_channels(pixel: u32, channel: u32) -> vec4f {
  return x[(X_OFFSET + pixel * CHANNELS + channel) / 4];
}
