// Padding is attended to like any other position of a window: its keys and values are those of a zero
// vector, which is to say the biases of the layers that make them.

const PADDING_BINDING = 4u;

override PADDING_KEY_OFFSET: u32; // in vectors of 4
override PADDING_VALUE_OFFSET: u32; // in vectors of 4

@group(0) @binding(PADDING_BINDING) var<storage, read> padding: array<vec4f>;

fn load_key(start: u32, head: u32, i: u32) -> vec4f {
  if (start == NOWHERE) {
    return padding[PADDING_KEY_OFFSET + (head * WIDTH + i) / 4];
  }
  return load_inside_key(start, i);
}

fn load_value(start: u32, head: u32, i: u32) -> vec4f {
  if (start == NOWHERE) {
    return padding[PADDING_VALUE_OFFSET + (head * VALUE_WIDTH + i) / 4];
  }
  return load_inside_value(start, i);
}
