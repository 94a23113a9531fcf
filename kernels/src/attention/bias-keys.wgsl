// A number per key that is added to all scores of that key.

const KEY_BIAS_BINDING = 4u;

override KEY_BIAS_BATCH_STRIDE: u32; // 0 for one that all images share

@group(0) @binding(KEY_BIAS_BINDING) var<storage, read> key_bias: array<f32>; // [images or 1, KEYS]

/// Of four keys.
fn score_bias(place: Place, head: u32, key: u32) -> vec4f {
  let i = place.image * KEY_BIAS_BATCH_STRIDE + key;
  return vec4f(key_bias[i], key_bias[i + 1], key_bias[i + 2], key_bias[i + 3]);
}
