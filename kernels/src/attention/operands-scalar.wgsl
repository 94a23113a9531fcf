// Queries, keys and values of any width, anywhere. Elements past a head's width count as zeros.

@group(0) @binding(0) var<storage, read> query: array<f32>; // rows of [HEADS, WIDTH]
@group(0) @binding(1) var<storage, read> key: array<f32>; // rows of [HEADS, WIDTH]
@group(0) @binding(2) var<storage, read> value: array<f32>; // rows of [HEADS, VALUE_WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // rows of [HEADS, VALUE_WIDTH]

fn zero_past(width: u32, i: u32, four: vec4f) -> vec4f {
  return select(vec4f(), four, vec4u(0, 1, 2, 3) + i < vec4u(width));
}

fn load_query(start: u32, i: u32) -> vec4f {
  let at = start + i;
  return zero_past(WIDTH, i, vec4f(query[at], query[at + 1], query[at + 2], query[at + 3]));
}

fn load_inside_key(start: u32, i: u32) -> vec4f {
  let at = start + i;
  return zero_past(WIDTH, i, vec4f(key[at], key[at + 1], key[at + 2], key[at + 3]));
}

fn load_inside_value(start: u32, i: u32) -> vec4f {
  let at = start + i;
  return zero_past(VALUE_WIDTH, i, vec4f(value[at], value[at + 1], value[at + 2], value[at + 3]));
}

fn store(row: u32, head: u32, i: u32, result: vec4f) {
  for (var lane = 0u; lane < 4; lane++) {
    if (i + lane < VALUE_WIDTH) {
      y[(row * HEADS + head) * VALUE_WIDTH + i + lane] = result[lane];
    }
  }
}
