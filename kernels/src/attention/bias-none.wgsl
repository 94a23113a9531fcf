fn score_bias(place: Place, head: u32, key: u32) -> vec4f {
  return vec4f();
}
