// As right-half.wgsl, for devices without half floats: each u32 holds two.

override RIGHT_OFFSET: u32; // in elements

@group(0) @binding(1) var<storage, read> right: array<vec2u>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET;
}

fn unpack(pairs: vec2u) -> vec4f {
  return vec4f(unpack2x16float(pairs.x), unpack2x16float(pairs.y));
}

/// Four rows from `depth` on, of four columns each. Rows past the end meet zeros on the left.
fn load_right(start: u32, depth: u32, column_vector: u32) -> mat4x4f {
  let i = right_place(start, depth, column_vector);
  let stride = right_step();
  return mat4x4f(
    unpack(right[i]),
    unpack(right[i + stride]),
    unpack(right[i + 2 * stride]),
    unpack(right[i + 3 * stride]),
  );
}
