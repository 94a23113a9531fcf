// The right factor stored as signed bytes [DEPTH, COLUMNS], with rows padded to multiples of 4.

override RIGHT_OFFSET: u32; // in elements

@group(0) @binding(1) var<storage, read> right: array<u32>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET;
}

// Shifting left and back again extends the sign.
fn unpack(bytes: u32) -> vec4f {
  return vec4f(vec4i(vec4u(bytes) << vec4u(24, 16, 8, 0)) >> vec4u(24));
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
