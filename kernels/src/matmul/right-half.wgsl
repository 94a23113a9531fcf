// The right factor stored as half floats [DEPTH, COLUMNS], with rows padded to multiples of 4.

alias Stored = vec4<f32>; // vec4<f16>

override RIGHT_OFFSET: u32; // in elements

@group(0) @binding(1) var<storage, read> right: array<Stored>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET;
}

/// Four rows from `depth` on, of four columns each. Rows past the end meet zeros on the left.
fn load_right(start: u32, depth: u32, column_vector: u32) -> mat4x4f {
  let i = right_place(start, depth, column_vector);
  let stride = right_step();
  return mat4x4f(
    vec4f(right[i]),
    vec4f(right[i + stride]),
    vec4f(right[i + 2 * stride]),
    vec4f(right[i + 3 * stride]),
  );
}
