// Queries, keys and values whose rows, heads and starts are multiples of 4 elements.

@group(0) @binding(0) var<storage, read> query: array<vec4f>; // rows of [HEADS, WIDTH]
@group(0) @binding(1) var<storage, read> key: array<vec4f>; // rows of [HEADS, WIDTH]
@group(0) @binding(2) var<storage, read> value: array<vec4f>; // rows of [HEADS, VALUE_WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // rows of [HEADS, VALUE_WIDTH]

fn load_query(start: u32, i: u32) -> vec4f {
  return query[(start + i) / 4];
}

fn load_inside_key(start: u32, i: u32) -> vec4f {
  return key[(start + i) / 4];
}

fn load_inside_value(start: u32, i: u32) -> vec4f {
  return value[(start + i) / 4];
}

fn store(row: u32, head: u32, i: u32, result: vec4f) {
  if (i < VALUE_WIDTH) {
    y[((row * HEADS + head) * VALUE_WIDTH + i) / 4] = result;
  }
}
